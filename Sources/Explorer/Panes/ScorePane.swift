internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// The score of every episode's best strategy as a curve; fine-tuning has the room while it is under way.
struct ScorePane: Widget {
  let run: RunState
  let preferences: Preferences
  private let now: Duration
  /// The line in place of a curve without episodes.
  private let hint: String

  init(_ state: ExplorerState) {
    run = state.run
    preferences = state.screen.preferences
    now = state.now
    hint = run.history.episodes.isEmpty ? Self.hint(state) : ""
  }

  /// The name of what is shown, and how its curve is drawn, which is said on any screen.
  var title: String {
    run.fineTuning.map { "FINE-TUNING \($0.name)" }
      ?? (preferences.drawing.isEmpty
        ? Pane.score.title : "\(Pane.score.title) \(preferences.drawing)")
  }

  /// As much as fits of the weight of an excess, held or not, and the best score.
  func note(columns: Int) -> String {
    let target = run.plottedTarget
    guard run.fineTuning == nil, let record = run.history.record(for: target) else { return "" }
    let age = run.history.episodesSinceRecord(for: target)
    // Scores for other targets are of another kind.
    let isOne = target == run.settings.target && !run.history.hasSeveralTargets
    let kind = isOne ? "" : " at \(Numbers.share(target.share))"
    let score = "best \(Numbers.thousandths(run.history.episodes[record].score))\(kind)"
    let best = score + (age > 0 ? ", \(age) ep ago" : "")
    let weight =
      "w \(Numbers.decimal(run.multiplier, places: 2))"
      + (run.settings.multiplier == nil ? "" : "=")
    return ["\(weight)  dotted: \(best)", "\(weight)  \(best)", best, score]
      .first { $0.displayWidth <= columns } ?? ""
  }

  /// How long and how fast the search is, and for how long it has found nothing better; empty before it began.
  private func pace(columns: Int = 80) -> [Span] {
    let elapsed = Int(run.pace.elapsed(at: now).components.seconds)
    guard elapsed > 0 || run.pace.perMinute != nil else { return [] }
    var spans = [Span(Numbers.duration(elapsed))]
    if let (images, episodes) = run.pace.perMinute {
      let isRoomy = columns >= 52
      spans += [
        Span(isRoomy ? " of search  " : "  ", .muted), Span(Numbers.count(Int(images))),
        Span(isRoomy ? " images, " : " images ", .muted),
        Span(Numbers.decimal(episodes, places: 1)),
        Span(isRoomy ? " episodes a minute" : " ep/min", .muted),
      ]
    }
    let age = run.history.episodesSinceRecord(for: run.settings.target)
    if age >= Self.longWait {
      let text = columns >= 80 ? "  no record for \(age) episodes" : "  no record"
      spans.append(Span(text, Style(.warning)))
    }
    return spans
  }

  /// The episode that is shown in numbers, with its place among the records; nil when live.
  private var readout: [Span]? {
    guard let number = run.shownEpisode, let step = run.shownStep else { return nil }
    let episode = run.history.episodes[number]
    return [
      Span("│ ep \(number + 1)", .accent), Span("  score \(Numbers.thousandths(step.score))"),
      Span(
        run.history.clearRecords.contains(number)
          ? " ▲ a record" : run.history.records.contains(number) ? " a record by chance?" : "",
        Style(.good)),
      Span("  for \(Numbers.target(episode.target))", .muted),
    ]
  }

  /// Episodes without a record after which that is said.
  private static let longWait = 20

  /// The rows above the curve for the episode or the pace: where there is room, and something to say.
  private func rows(in rect: Rect) -> Int {
    rect.height >= 8 && (readout != nil || !pace().isEmpty) ? 1 : 0
  }

  /// The curve; nil before the first episode has ended.
  var plot: LinePlot? {
    guard !run.history.episodes.isEmpty else { return nil }
    let (episodes, target) = (run.history.episodes[run.episodesInPlots], run.plottedTarget)
    // The axes are those of one target; what was found for others is faint, and may lie outside.
    let own = episodes.map { $0.target == target ? $0.score : .nan }
    let others = episodes.map { $0.target == target ? .nan : $0.score }
    var plot = LinePlot([LinePlot.Series]())
    plot.show(own, of: run, preferences)
    if others.contains(where: \.isFinite) {
      plot.series.append(LinePlot.Series(others, style: .muted))
    }
    plot.range = range(of: own)
    plot.showsBest = true
    return plot
  }

  /// From the lowest to the highest score, and no less than what chance explains: a finer axis would show noise.
  private func range(of scores: [Double]) -> ClosedRange<Double>? {
    let scores = scores.filter(\.isFinite)
    guard let low = scores.min(), let high = scores.max(), !preferences.isLogarithmic,
      let record = run.history.record(for: run.plottedTarget)
    else { return nil }
    let missing = run.history.episodes[record].best.measurement.noise - (high - low)
    guard missing > 0 else { return low...high }
    return low - missing / 2...min(high + missing / 2, max(1, high))
  }

  /// The place of the curve: below the fine-tuning, if there is room for both.
  func curve(in rect: Rect) -> Rect {
    guard run.fineTuning != nil else { return rect.splitTop(rows(in: rect)).rest }
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
      if curve != rect {
        frame.put(readout ?? pace(columns: rect.width), in: rect.inset(left: 1).row(0))
      }
      frame.draw(plot, in: curve)
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
    let preparations =
      run.work.timing.map { "Timing each choice: \($0.text). " }
      ?? run.work.losses.map { "Measuring the expected loss of each choice: \($0.text). " }
    if let preparations, baseline.isFinal {
      return preparations
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
    if let why = state.whyReadOnly { return "No episodes: \(why)." }
    let earlier =
      switch state.otherRuns {
      case 0: ""
      case 1: ", R to go on with an earlier run"
      case let count: ", R to go on with one of \(count) earlier runs"
      }
    return "Press p to start the search for \(Numbers.target(run.settings.target)), "
      + "n to play one episode\(earlier)."
  }
}
