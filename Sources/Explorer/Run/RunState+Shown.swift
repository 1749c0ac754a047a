internal import Metrics
package import Patterns
package import Search

extension RunState {
  /// The episode that is shown, counted from 0; nil when live.
  package var shownEpisode: Int? {
    if case .past(let episode, _) = viewing { episode } else { nil }
  }

  /// The step that is shown, unless it is the user's own strategy or there was none yet.
  package var shownStep: SearchStep? {
    switch viewing {
    case .past(let episode, let step):
      guard history.episodes.indices.contains(episode) else { return nil }
      let steps = history.episodes[episode].steps
      return steps.indices.contains(step) ? steps[step] : nil
    case .swept: return sweptPoint?.step
    case .live:
      guard let last = history.lastStep, last.strategy.choices == live.choices else { return nil }
      return last
    }
  }

  /// The strategy that is shown.
  package var shown: Strategy {
    if viewing != .live, let shownStep { return shownStep.strategy }
    return live
  }

  /// The measurement of the strategy that is shown on the most images.
  package func shownMeasurement(in model: ModelState) -> Measurement? {
    measurement(of: shown, step: shownStep, in: model)
  }

  /// The measurement of a strategy on the most images; nil if there is none.
  package func measurement(
    of strategy: Strategy, step: SearchStep? = nil, in model: ModelState
  ) -> Measurement? {
    var known = [step?.measurement, measurements[strategy.choices]].compactMap { $0 }
    if let baseline = model.baseline.measurement, strategy.isDense { known.append(baseline) }
    return known.max { $0.accuracy.images < $1.accuracy.images }
  }

  /// Shows a step, wherever it was taken.
  mutating func view(_ step: SearchStep) {
    let swept = sweep?.points.first { $0.step == step }
    viewing = swept.map { .swept($0.target) } ?? history.place(of: step)
  }

  /// The name of a strategy, as in `ep 3`, or of the target that it was planned for.
  func name(of strategy: Strategy) -> String {
    let swept = sweep?.points.first { $0.step.strategy.choices == strategy.choices }
    let name = history.name(of: strategy)
    guard let swept, !name.hasPrefix("ep ") else { return name }
    return "plan \(Numbers.share(swept.target.share))"
  }

  /// Shows the step so many before the one that is shown, or after it; after the last one it is live again.
  mutating func viewStep(earlierBy count: Int) {
    let starts = history.episodes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.steps.count) }
    let end = starts[starts.count - 1]
    var place = end
    if case .past(let episode, let step) = viewing, history.episodes.indices.contains(episode) {
      place = starts[episode] + step
    }
    place = min(max(0, place - min(max(count, -end), end)), end)
    guard place < end, let episode = starts.lastIndex(where: { $0 <= place }) else {
      viewing = .live
      return
    }
    viewing = .past(episode: episode, step: place - starts[episode])
  }

  /// Shows the best step of an episode, counted from 0; beyond the last one it is live again.
  mutating func view(episode: Int) { viewing = history.best(ofEpisode: episode) }

  /// The last record before the episode that is shown.
  package var previousRecord: Int? {
    history.records.last { $0 < shownEpisode ?? history.episodes.count }
  }

  /// The first record after the episode that is shown.
  package var nextRecord: Int? {
    shownEpisode.flatMap { shown in history.records.first { $0 > shown } }
  }

  /// The target whose episodes the curve of the scores is about: that of the episode shown, else the present one,
  /// else, before one of its own has ended, the last one that had any.
  package var plottedTarget: Target {
    let shown = shownEpisode.map { history.episodes[$0].target } ?? settings.target
    let isThere = history.record(for: shown) != nil
    return isThere ? shown : history.episodes.last?.target ?? shown
  }

  /// The first episodes for another target than the one before had, among those that the curves show.
  var targetChanges: [Int] {
    episodesInPlots.dropFirst().filter {
      history.episodes[$0].target != history.episodes[$0 - 1].target
    }
  }

  /// The episodes that the curves show: all, or as many as asked for around the one that is shown.
  var episodesInPlots: Range<Int> {
    let count = history.episodes.count
    guard let plotSpan, plotSpan < count else { return 0..<count }
    let middle = shownEpisode ?? count - 1
    let start = min(max(0, middle - plotSpan / 2), count - plotSpan)
    return start..<start + plotSpan
  }
}
