internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// The top line: the model, the work under way, the episode shown, its score, what it keeps beside the target, its
/// accuracy.
struct Header: Widget {
  let model: ModelState
  let run: RunState

  init(_ model: ModelState, _ run: RunState) {
    self.model = model
    self.run = run
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    // The least important goes first where it is narrow; the accuracy stays longest.
    var parts = [
      (3, activity), (2, episode), (5, score), (1, budget), (0, accuracy + base),
      (4, other),
    ].filter { !$0.1.isEmpty }
    func width() -> Int { parts.reduce(0) { $0 + $1.1.displayWidth + 2 } }
    if width() > rect.width, let place = parts.firstIndex(where: { $0.0 == 0 }) {
      parts[place].1 = accuracy
    }
    while width() > rect.width, let least = parts.map(\.0).max(), parts.count > 1 {
      parts.removeAll { $0.0 == least }
    }
    let nameRoom = rect.width - width()
    var x = rect.x
    if nameRoom >= 4 {
      let name = model.name.truncated(
        toColumns: nameRoom, ellipsis: frame.glyphs == .ascii ? "." : "…")
      frame.put(name, at: rect.origin, style: .title)
      x += min(nameRoom, max(name.displayWidth, nameRoom)) + 2
    }
    for (_, spans) in parts { x = frame.put(spans, at: Point(x: x, y: rect.y)) + 2 }
  }

  private var activity: [Span] {
    if run.work.failure != nil { return [Span("✗ failed", Style(.bad, .bold))] }
    switch run.work.loading {
    case .underWay: return [Span("… loading", Style(.warning))]
    case .failed: return [Span("✗ no data", Style(.bad, .bold))]
    case .done: break
    }
    if run.work.finalists != nil || run.work.isResolving {
      return [Span("◆ finalists", Style(.warning))]
    }
    if let sweep = run.sweep, sweep.left > 0 {
      return [
        Span("◆ sweep \(sweep.points.count)/\(sweep.points.count + sweep.left)", Style(.warning))
      ]
    }
    if run.work.measuring != nil { return [Span("◆ measuring", Style(.warning))] }
    if run.fineTuning != nil { return [Span("▶ fine-tuning", Style(.good, .bold))] }
    if run.work.isSearching { return [Span("▶ searching", Style(.good, .bold))] }
    switch run.writer {
    case .other: return [Span("▶ following", Style(.good, .bold))]
    case .nobody: return [Span("■ ended", Style(.warning))]
    case nil: break
    }
    if !model.baseline.isFinal { return [Span("… baseline", Style(.warning))] }
    return [Span("■ paused", .muted)]
  }

  private var episode: [Span] {
    let count = run.history.episodes.count
    if let shown = run.shownEpisode {
      return [Span("ep \(shown + 1)/\(count) ", .plain), Span("○ PAST", Style(.warning, .bold))]
    }
    if let point = run.sweptPoint {
      let share = Numbers.share(point.target.share)
      return [Span("plan \(share) ", .plain), Span("□ SWEPT", Style(.warning, .bold))]
    }
    let progress =
      run.history.steps.isEmpty
      ? "ep \(count) "
      : "ep \(count + 1)·\(run.history.steps.count)/\(run.settings.stepsPerEpisode) "
    return [Span(progress), Span("● LIVE", Style(.good, .bold))]
  }

  private var score: [Span] {
    guard let step = run.shownStep else { return [Span("score ", .muted), Span("–")] }
    // Not what chance may have brought.
    let isRecord =
      run.shownEpisode.map(run.history.clearRecords.contains)
      ?? run.history.isClear(step.score, for: run.settings.target)
    return [
      Span("score ", .muted), Span(Numbers.thousandths(step.score)),
      Span(isRecord ? "▲" : " ", Style(.good)),
    ]
  }

  /// What is kept of the resource that the target is of, beside the target, as in `MACs 49.8 / 50 %`.
  private var budget: [Span] {
    let target = run.settings.target
    let share = model.share(of: run.shown, target.resource)
    // Of the time as much is known as the clock tells.
    let isOver = share.map { $0 > target.share + 0.0005 } ?? false
    return [
      Span("\(target.resource.label) ", .muted),
      Span(
        share.map { Numbers.decimal($0 * 100, places: 1) } ?? "?",
        isOver ? Style(.warning, .bold) : Style(.accent, .bold)),
      Span(" / \(Numbers.share(target.share))", .muted),
      Span(isOver ? " over" : "", Style(.warning)),
    ]
  }

  /// What the target is not of: the MACs, or how many times faster than dense the strategy is predicted to be.
  private var other: [Span] {
    switch run.settings.target.resource {
    case .latency:
      return [Span("MACs ", .muted), Span(Numbers.percent(model.share(of: run.shown)))]
    case .macs:
      guard let speedup = model.speedup(of: run.shown) else { return [] }
      let factor = Numbers.decimal(speedup < 1 ? 1 / speedup : speedup, places: 1)
      let comparison = factor == "1.0" ? "" : speedup < 1 ? " slower" : " faster"
      return [Span("\(factor)x", Style(.accent, .bold)), Span(comparison)]
    }
  }

  private var accuracy: [Span] {
    guard let accuracy = run.shownMeasurement(in: model)?.accuracy else {
      return [Span("acc ", .muted), Span("?")]
    }
    var spans = [
      Span("acc ", .muted),
      Span(Numbers.decimal(accuracy.fraction * 100, places: 1), Style(.accent, .bold)),
    ]
    guard let dense = baseOfAccuracy else { return spans }
    let delta = (accuracy.fraction - dense) * 100
    let style = delta < -2 ? Style(.bad) : delta < -0.5 ? Style(.warning) : Style(.good)
    spans.append(Span(" " + Numbers.signed(delta, places: 1), style))
    return spans
  }

  /// The dense model's accuracy on the same images.
  private var baseOfAccuracy: Double? {
    guard !run.shown.isDense, let accuracy = run.shownMeasurement(in: model)?.accuracy else {
      return nil
    }
    return model.baseline.fraction(images: accuracy.images)
  }

  /// What the difference in accuracy is from.
  private var base: [Span] {
    baseOfAccuracy.map { [Span(" of " + Numbers.decimal($0 * 100, places: 1), .muted)] } ?? []
  }
}
