internal import Metrics
internal import Search
internal import TerminalKit

/// The score of every episode's best strategy as a curve; fine-tuning has the room while it is under way.
struct ScorePane: Widget {
  let run: RunState
  let preferences: Preferences
  /// The line in place of a curve without episodes.
  private let hint: String

  init(_ state: ExplorerState) {
    run = state.run
    preferences = state.screen.preferences
    hint = run.history.episodes.isEmpty ? Self.hint(state) : ""
  }

  var title: String { run.fineTuning.map { "FINE-TUNING \($0.name)" } ?? "SCORE" }

  /// As much as fits of how the curve is drawn, the weight of an excess, held or not, and the best score.
  func note(columns: Int) -> String {
    guard run.fineTuning == nil, let record = run.history.records.last else { return "" }
    let best = "best \(Numbers.thousandths(run.history.episodes[record].score))"
    let weight =
      "w \(Numbers.decimal(run.multiplier, places: 2))"
      + (run.settings.multiplier == nil ? "" : "=")
    let (smoothing, isLogarithmic) = (preferences.smoothing, preferences.isLogarithmic)
    let drawing =
      (smoothing > 0 ? "smooth \(Numbers.decimal(smoothing, places: 1))  " : "")
      + (isLogarithmic ? "log  " : "")
    return ["\(drawing)\(weight)  \(best)", "\(weight)  \(best)", best]
      .first { $0.displayWidth <= columns } ?? ""
  }

  /// The curve; nil before the first episode has ended.
  var plot: LinePlot? {
    guard !run.history.episodes.isEmpty else { return nil }
    var plot = LinePlot([LinePlot.Series]())
    plot.show(run.episodesInPlots.map { run.history.episodes[$0].score }, of: run, preferences)
    plot.showsBest = true
    return plot
  }

  /// The place of the curve: below the fine-tuning, if there is room for both.
  func curve(in rect: Rect) -> Rect {
    guard run.fineTuning != nil else { return rect }
    return rect.splitTop(rect.height >= FineTunePane.height + 4 ? FineTunePane.height : rect.height)
      .rest
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let curve = curve(in: rect)
    if let progress = run.fineTuning {
      let (top, _) = rect.splitTop(rect.height - curve.height)
      frame.draw(FineTunePane(progress), in: top)
      if let plot, !curve.isEmpty { frame.draw(plot, in: curve) }
    } else if let plot {
      frame.draw(plot, in: rect)
    } else {
      frame.putWrapped(hint, in: rect.inset(columns: rect.width > 20 ? 1 : 0), style: .muted)
    }
  }

  /// The work that the user waits for, or the key that begins it.
  private static func hint(_ state: ExplorerState) -> String {
    let (run, baseline) = (state.run, state.model.baseline)
    if let why = run.work.failure { return "The search has failed: \(why)" }
    switch run.work.loading {
    case .underWay: return "Reading weights and images…"
    case .failed(let why): return "No search without weights and images: \(why)"
    case .done: break
    }
    if let losses = run.work.losses, baseline.isFinal {
      return "Measuring the expected loss of each choice: \(losses.done) of \(losses.of). "
        + (run.work.isSearching ? "The search begins then." : "p starts the search after it.")
    }
    if run.work.isSearching {
      return "The first episode is being played: step \(run.history.steps.count + 1) of "
        + "\(run.settings.stepsPerEpisode)."
    }
    if !baseline.isFinal {
      let done = baseline.measurement?.accuracy.images ?? 0
      return "Measuring the dense model: \(done) of \(state.model.imageCount) images. "
        + "p starts the search."
    }
    if state.isReadOnly { return "No episodes; --readonly forbids a search." }
    return "Press p to start the search for \(Numbers.target(run.settings.target)), "
      + "n to play one episode."
  }
}
