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

  /// The MACs kept, beside the target.
  static func macs(_ state: ExplorerState) -> EpisodePlot {
    let dense = Double(max(state.space.denseCost.macs, 1))
    let episodes = state.episodesInPlots.map { state.episodes[$0] }
    return EpisodePlot(
      state: state, shares: episodes.map { Double($0.best.measurement.cost.macs) / dense },
      targets: episodes.map(\.target), hint: "no episode yet", style: Style(.series2))
  }

  /// The predicted time of an image.
  static func latency(_ state: ExplorerState) -> EpisodePlot {
    let shares = state.episodesInPlots.map { 1 / state.speedups[$0] }
    let hint =
      state.settings.engine != .native
      ? "predicted for the native engine alone"
      : state.timing.map { "timing each choice: \($0.done) of \($0.of)" } ?? "no episode yet"
    return EpisodePlot(
      state: state, shares: state.latencies == nil ? [] : shares, targets: [], hint: hint,
      style: Style(.series4))
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
