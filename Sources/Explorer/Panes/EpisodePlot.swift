internal import Patterns
internal import Search
internal import TerminalKit

/// A share of the dense model that the best step of every episode keeps, in percent.
struct EpisodePlot: Widget {
  private let run: RunState
  private let preferences: Preferences
  /// The share, 0 to 1 or more, of each episode that is shown.
  private let shares: [Double]
  /// The share aimed at, episode by episode.
  private let targets: [Double]
  /// The line in place of a curve without episodes.
  private let hint: String
  private let style: Style

  /// The MACs kept.
  static func macs(_ state: ExplorerState) -> EpisodePlot {
    EpisodePlot(state, .macs, hint: "no episode yet", style: Style(.series2))
  }

  /// The predicted time of an image.
  static func latency(_ state: ExplorerState) -> EpisodePlot {
    let work = state.run.work
    let hint =
      work.timingFailure.map { "cannot be timed: \($0)" }
      ?? work.timing.map { "timing each choice: \($0.text)" } ?? "no episode yet"
    return EpisodePlot(state, .latency, hint: hint, style: Style(.series4))
  }

  private init(
    _ state: ExplorerState, _ resource: Target.Resource, hint: String, style: Style
  ) {
    run = state.run
    preferences = state.screen.preferences
    self.hint = hint
    self.style = style
    let episodes = run.history.episodes[run.episodesInPlots]
    let shares = episodes.map { state.model.share(of: $0.best, resource) ?? .nan }
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
    plot.show(shares.map { $0 * 100 }, of: run, preferences, style: style)
    plot.range = range
    frame.draw(plot, in: rect)
  }

  /// The fewest points of the axis: a tenth of one is nobody's concern.
  private static let leastSpan = 2.0

  /// From the lowest to the highest value, at least so many points; nil where there is nothing to widen.
  private var range: ClosedRange<Double>? {
    let values = (shares + targets).filter(\.isFinite).map { $0 * 100 }
    guard let low = values.min(), let high = values.max(), !preferences.isLogarithmic,
      case let missing = Self.leastSpan - (high - low), missing > 0
    else { return nil }
    return low - missing / 2...high + missing / 2
  }
}

extension LinePlot {
  /// Adds the values of the episodes in the plots, drawn as the user likes curves.
  mutating func show(
    _ values: [Double], of run: RunState, _ preferences: Preferences,
    style: Style = Style(.series1)
  ) {
    series.append(Series(values, style: style))
    smoothing = preferences.smoothing
    scale = preferences.isLogarithmic ? .logarithmic : .linear
    firstIndex = run.episodesInPlots.lowerBound + 1
    cursor = run.shownEpisode.map { $0 + 1 }
    breaks = run.targetChanges.map { $0 + 1 }
  }
}
