internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// The latest steps, newest first, the one that is shown among them.
struct StepsPane: Widget {
  let model: ModelState
  let run: RunState

  init(_ model: ModelState, _ run: RunState) {
    self.model = model
    self.run = run
  }

  /// A step of an episode, both counted from 0.
  private struct Place: Hashable {
    var episode: Int
    var step: Int
  }

  /// Newest first.
  private var places: [Place] {
    let history = run.history
    let present = history.steps.indices.reversed().map {
      Place(episode: history.episodes.count, step: $0)
    }
    return history.episodes.indices.reversed().reduce(into: present) { places, episode in
      for step in history.episodes[episode].steps.indices.reversed() {
        places.append(Place(episode: episode, step: step))
      }
    }
  }

  /// The rows of the pane: results of fine-tuning above steps, of which those around the shown one have room.
  private struct Rows {
    /// Whether numbers stand in columns below a heading: where there is no room for a name before each.
    let hasHeading: Bool
    let tuned: Int
    let places: [Place]
    let shown: Int?
    let offset: Int
  }

  private func rows(in rect: Rect) -> Rows {
    let hasHeading = rect.width < Self.roomy && rect.height > 2
    let tuned = min(fineTuned.count, 4, rect.height / 2)
    let places = places
    var shown: Int?
    if case .past(let episode, let step) = run.viewing {
      shown = places.firstIndex(of: Place(episode: episode, step: step))
    }
    let offset = ListScroll.offset(
      0, selected: shown ?? 0, count: places.count,
      visible: rect.height - tuned - (hasHeading ? 1 : 0),
      margin: 1)
    return Rows(hasHeading: hasHeading, tuned: tuned, places: places, shown: shown, offset: offset)
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let (rows, inner) = (rows(in: rect), rect.inset(left: 1))
    for (row, line) in fineTuned.prefix(rows.tuned).enumerated() {
      frame.put(line, in: inner.row(row))
    }
    var area = inner.inset(top: rows.tuned)
    if rows.places.isEmpty, rows.tuned == 0 {
      return frame.put("no steps yet", in: area.row(0), style: .muted)
    }
    if rows.hasHeading {
      let label = run.settings.target.resource.label
      frame.put([Span(" step   reward  \(label)%   acc  over", .muted)], in: area.row(0))
      area = area.inset(top: 1)
    }
    for (row, place) in rows.places.dropFirst(rows.offset).prefix(area.height).enumerated() {
      let isShown = rows.offset + row == rows.shown
      let line = line(place, isShown: isShown, inColumns: rows.hasHeading)
      frame.put(line, in: area.row(row))
    }
  }

  /// The step at a point of the pane that is drawn into `rect`; nil if there is none.
  func viewing(at point: Point, in rect: Rect) -> Viewing? {
    let rows = rows(in: rect)
    let row = point.y - rect.y - rows.tuned - (rows.hasHeading ? 1 : 0)
    guard row >= 0, rows.places.indices.contains(rows.offset + row) else { return nil }
    let place = rows.places[rows.offset + row]
    return place.episode < run.history.episodes.count
      ? .past(episode: place.episode, step: place.step) : .live
  }

  /// The columns from which on every number has its name beside it.
  private static let roomy = 58

  private func line(_ place: Place, isShown: Bool, inColumns: Bool) -> [Span] {
    let history = run.history
    let isFinished = place.episode < history.episodes.count
    let step =
      isFinished ? history.episodes[place.episode].steps[place.step] : history.steps[place.step]
    let isRecord =
      isFinished && history.clearRecords.contains(place.episode)
      && step == history.episodes[place.episode].best
    let resource = run.settings.target.resource
    let share = model.share(of: step, resource) ?? .nan
    let accuracy = Numbers.decimal(step.measurement.accuracy.fraction * 100, places: 1)
    if inColumns {
      let name = "\(place.episode + 1).\(place.step + 1)".padded(to: 7)
      let kept = Numbers.decimal(share * 100, places: 1).leftPadded(to: 5)
      return [
        Span((isShown ? "◆" : " ") + name, isShown ? .accent : .muted),
        Span(Numbers.thousandths(step.reward).leftPadded(to: 6)),
        Span(isRecord ? "▲" : " ", Style(.good)), Span(kept.leftPadded(to: 6)),
        Span(accuracy.leftPadded(to: 6)),
        Span(Numbers.decimal(step.excess * 100, places: 1).leftPadded(to: 6), .muted),
      ]
    }
    return [
      Span(
        (isShown ? "◆ep " : " ep ") + "\(place.episode + 1).\(place.step + 1)".padded(to: 7),
        isShown ? .accent : .muted),
      Span("reward \(Numbers.thousandths(step.reward).leftPadded(to: 5))"),
      Span(isRecord ? "▲ " : "  ", Style(.good)),
      Span(" \(resource.label) \(Numbers.decimal(share * 100, places: 1))%"),
      Span("  acc \(accuracy)"),
      Span("  over \(Numbers.decimal(step.excess * 100, places: 1))", .muted),
    ]
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
