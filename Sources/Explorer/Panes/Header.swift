internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// The top line: the model, what is going on, what is shown and what it keeps.
struct Header: Widget {
  let state: ExplorerState

  init(_ state: ExplorerState) { self.state = state }

  func draw(on frame: inout Frame, in rect: Rect) {
    // What matters least goes first where it is narrow; the accuracy stays longest.
    var parts = [(3, activity), (2, episode), (5, reward), (1, macs), (0, accuracy)]
    if let latency { parts.append((4, latency)) }
    func width() -> Int { parts.reduce(0) { $0 + $1.1.displayWidth + 2 } }
    while width() > rect.width, let least = parts.map(\.0).max(), parts.count > 1 {
      parts.removeAll { $0.0 == least }
    }
    let nameRoom = rect.width - width()
    var x = rect.x
    if nameRoom >= 4 {
      let name = state.modelName.truncated(
        toColumns: nameRoom, ellipsis: frame.glyphs == .ascii ? "." : "…")
      frame.put(name, at: rect.origin, style: .title)
      x += min(nameRoom, max(name.displayWidth, nameRoom)) + 2
    }
    for (_, spans) in parts { x = frame.put(spans, at: Point(x: x, y: rect.y)) + 2 }
  }

  private var activity: [Span] {
    if state.failure != nil { return [Span("✗ failed", Style(.bad, .bold))] }
    switch state.loading {
    case .underWay: return [Span("… loading", Style(.warning))]
    case .failed: return [Span("✗ no data", Style(.bad, .bold))]
    case .done: break
    }
    if state.measuring != nil { return [Span("◆ measuring", Style(.warning))] }
    if state.fineTuning != nil { return [Span("▶ fine-tuning", Style(.good, .bold))] }
    if state.isSearching { return [Span("▶ searching", Style(.good, .bold))] }
    if !state.isBaselineFinal { return [Span("… baseline", Style(.warning))] }
    return [Span("■ paused", .muted)]
  }

  private var episode: [Span] {
    let count = state.episodes.count
    if let shown = state.shownEpisode {
      return [Span("ep \(shown + 1)/\(count) ", .plain), Span("○ PAST", Style(.warning, .bold))]
    }
    let progress =
      state.steps.isEmpty
      ? "ep \(count) " : "ep \(count + 1)·\(state.steps.count)/\(state.settings.stepsPerEpisode) "
    return [Span(progress), Span("● LIVE", Style(.good, .bold))]
  }

  private var reward: [Span] {
    guard let step = state.shownStep else { return [Span("reward ", .muted), Span("–")] }
    let best = state.records.last.map { state.episodes[$0].score } ?? step.score
    return [
      Span("reward ", .muted), Span(Numbers.reward(step.score)),
      Span(step.score >= best ? "▲" : " ", Style(.good)),
    ]
  }

  private var macs: [Span] {
    [Span("MACs ", .muted), Span(Numbers.percent(state.shownShare), Style(.accent, .bold))]
  }

  /// How many times faster than dense, predicted.
  private var latency: [Span]? {
    state.speedup(of: state.shown).map {
      [Span("lat ", .muted), Span(Numbers.decimal($0, places: 1) + "x", Style(.accent, .bold))]
    }
  }

  private var accuracy: [Span] {
    guard let accuracy = state.shownMeasurement?.accuracy else {
      return [Span("acc ", .muted), Span("?")]
    }
    var spans = [
      Span("acc ", .muted),
      Span(Numbers.decimal(accuracy.fraction * 100, places: 1), Style(.accent, .bold)),
    ]
    guard !state.shown.isDense,
      let dense = state.baselineFraction(images: accuracy.images)
    else { return spans }
    let delta = (accuracy.fraction - dense) * 100
    let style = delta < -2 ? Style(.bad) : delta < -0.5 ? Style(.warning) : Style(.good)
    spans.append(Span(" " + Numbers.signed(delta, places: 1), style))
    return spans
  }
}
