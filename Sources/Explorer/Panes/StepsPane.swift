internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// The latest steps, newest first.
struct StepsPane: Widget {
  let model: ModelState
  let run: RunState

  init(_ model: ModelState, _ run: RunState) {
    self.model = model
    self.run = run
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    var lines = Array(fineTuned.prefix(4))
    let resource = run.settings.target.resource
    func add(_ step: SearchStep, episode: Int, number: Int, isBest: Bool) {
      let share = model.share(of: step, resource) ?? .nan
      let accuracy = Numbers.decimal(step.measurement.accuracy.fraction * 100, places: 1)
      lines.append([
        Span("ep \(episode).\(number)".padded(to: 10), .muted),
        Span("reward \(Numbers.thousandths(step.reward))"),
        Span(isBest ? "▲ " : "  ", Style(.good)),
        Span(" \(resource.label) \(Numbers.decimal(share * 100, places: 1))%"),
        Span("  acc \(accuracy)"),
        Span("  over \(Numbers.decimal(step.excess * 100, places: 1))", .muted),
      ])
    }
    for (place, step) in run.history.steps.enumerated().reversed() {
      add(step, episode: run.history.episodes.count + 1, number: place + 1, isBest: false)
    }
    for (number, episode) in run.history.episodes.enumerated().reversed()
    where lines.count < rect.height {
      for (place, step) in episode.steps.enumerated().reversed() {
        add(
          step, episode: number + 1, number: place + 1,
          isBest: run.history.clearRecords.contains(number) && step == episode.best)
      }
    }
    if lines.isEmpty { lines = [[Span("no steps yet", .muted)]] }
    for (row, line) in lines.prefix(rect.height).enumerated() {
      frame.put(line, in: rect.inset(left: 1).row(row))
    }
  }

  /// The results of fine-tuning, the most accurate first.
  private var fineTuned: [[Span]] {
    run.fineTuned.values.sorted {
      ($0.after.fraction, $1.cost.macs) > ($1.after.fraction, $0.cost.macs)
    }.map { result in
      [
        Span("★ ", Style(.warning)),
        Span(run.history.name(of: result.strategy).padded(to: 8), .muted),
        Span("fine-tuned"), Span(" MACs \(Numbers.percent(model.share(of: result.strategy)))"),
        Span("  acc \(Numbers.gain(result))", .accent),
        Span("  \(result.epochs) ep.", .muted),
      ]
    }
  }
}

extension Target.Resource {
  /// As it stands before a number where there is little room.
  var label: String {
    switch self {
    case .macs: "MACs"
    case .latency: "time"
    }
  }
}
