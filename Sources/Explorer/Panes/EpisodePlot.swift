internal import Patterns
internal import Search
internal import TerminalKit

/// A share of the dense model that the best step of every episode keeps, in percent.
struct EpisodePlot: Widget {
  let state: ExplorerState
  /// The share, 0 to 1 or more, of each episode that is shown.
  let shares: [Double]
  /// What would be good, episode by episode.
  let targets: [Double]
  /// What there is to wait for while there are none.
  let hint: String
  let style: Style

  /// The MACs kept.
  static func macs(_ state: ExplorerState) -> EpisodePlot {
    EpisodePlot(state, .macs, hint: "no episode yet", style: Style(.series2))
  }

  /// The predicted time of an image.
  static func latency(_ state: ExplorerState) -> EpisodePlot {
    let hint =
      state.timingFailure.map { "cannot be timed: \($0)" }
      ?? state.timing.map { "timing each choice: \($0.done) of \($0.of)" } ?? "no episode yet"
    return EpisodePlot(state, .latency, hint: hint, style: Style(.series4))
  }

  private init(
    _ state: ExplorerState, _ resource: Target.Resource, hint: String, style: Style
  ) {
    self.state = state
    self.hint = hint
    self.style = style
    let episodes = state.episodesInPlots.map { state.episodes[$0] }
    let shares = episodes.map { state.share(of: $0.best, resource) ?? .nan }
    self.shares = shares.allSatisfy(\.isNaN) ? [] : shares
    let targets = episodes.map { $0.target.resource == resource ? $0.target.share : .nan }
    self.targets = targets.allSatisfy(\.isNaN) ? [] : targets
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    guard !shares.isEmpty else {
      frame.put(hint, in: rect.inset(left: 1), style: .muted)
      return
    }
    var plot = LinePlot([LinePlot.Series]())
    if !targets.isEmpty {
      plot.series.append(
        LinePlot.Series(targets.map { $0 * 100 }, style: Style(.muted), isDotted: true))
    }
    plot.show(shares.map { $0 * 100 }, of: state, style: style)
    frame.draw(plot, in: rect)
  }
}

extension ExplorerState {
  /// The episodes that the curves show: all, or as many as asked for around the one that is shown.
  var episodesInPlots: Range<Int> {
    guard let plotSpan, plotSpan < episodes.count else { return episodes.indices }
    let middle = shownEpisode ?? episodes.count - 1
    let start = min(max(0, middle - plotSpan / 2), episodes.count - plotSpan)
    return start..<start + plotSpan
  }
}

extension LinePlot {
  /// Adds the values of the episodes in the plots, drawn as the user likes curves.
  mutating func show(_ values: [Double], of state: ExplorerState, style: Style = Style(.series1)) {
    series.append(Series(values, style: style))
    smoothing = state.preferences.smoothing
    scale = state.preferences.isLogarithmic ? .logarithmic : .linear
    firstIndex = state.episodesInPlots.lowerBound + 1
    cursor = state.shownEpisode.map { $0 + 1 }
  }
}
