internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// The top line: the model, the work under way, the episode shown, its score, MACs, latency and accuracy.
struct Header: Widget {
  let model: ModelState
  let run: RunState

  init(_ model: ModelState, _ run: RunState) {
    self.model = model
    self.run = run
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    // The least important goes first where it is narrow; the accuracy stays longest.
    var parts = [(3, activity), (2, episode), (5, score), (1, macs), (0, accuracy)]
    if let latency { parts.append((4, latency)) }
    func width() -> Int { parts.reduce(0) { $0 + $1.1.displayWidth + 2 } }
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
    if run.work.measuring != nil { return [Span("◆ measuring", Style(.warning))] }
    if run.fineTuning != nil { return [Span("▶ fine-tuning", Style(.good, .bold))] }
    if run.work.isSearching { return [Span("▶ searching", Style(.good, .bold))] }
    if !model.baseline.isFinal { return [Span("… baseline", Style(.warning))] }
    return [Span("■ paused", .muted)]
  }

  private var episode: [Span] {
    let count = run.history.episodes.count
    if let shown = run.shownEpisode {
      return [Span("ep \(shown + 1)/\(count) ", .plain), Span("○ PAST", Style(.warning, .bold))]
    }
    let progress =
      run.history.steps.isEmpty
      ? "ep \(count) "
      : "ep \(count + 1)·\(run.history.steps.count)/\(run.settings.stepsPerEpisode) "
    return [Span(progress), Span("● LIVE", Style(.good, .bold))]
  }

  private var score: [Span] {
    guard let step = run.shownStep else { return [Span("score ", .muted), Span("–")] }
    let best = run.history.records.last.map { run.history.episodes[$0].score } ?? step.score
    return [
      Span("score ", .muted), Span(Numbers.thousandths(step.score)),
      Span(step.score >= best ? "▲" : " ", Style(.good)),
    ]
  }

  private var macs: [Span] {
    [
      Span("MACs ", .muted),
      Span(Numbers.percent(model.share(of: run.shown)), Style(.accent, .bold)),
    ]
  }

  /// How many times faster than dense, predicted.
  private var latency: [Span]? {
    model.speedup(of: run.shown).map {
      [Span("lat ", .muted), Span(Numbers.decimal($0, places: 1) + "x", Style(.accent, .bold))]
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
    guard !run.shown.isDense,
      let dense = model.baseline.fraction(images: accuracy.images)
    else { return spans }
    let delta = (accuracy.fraction - dense) * 100
    let style = delta < -2 ? Style(.bad) : delta < -0.5 ? Style(.warning) : Style(.good)
    spans.append(Span(" " + Numbers.signed(delta, places: 1), style))
    return spans
  }
}
