internal import Metrics
package import Patterns
package import Search

/// A run of the search as the screen knows it; a new value knows nothing of another run.
package struct RunState: Sendable {
  /// How the search is run.
  package var settings: SearchSettings
  /// The weight of an excess over the budget in the reward.
  package private(set) var multiplier: Double
  /// The steps and episodes.
  package private(set) var history: History
  /// The work of other threads on it.
  package var work = Work()
  /// Measurements of strategies that the user made or asked about, by the choices.
  package private(set) var measurements: [[Pattern]: Measurement] = [:]
  /// Strategies that are ready to be written, by the choices.
  package private(set) var results: [[Pattern]: SearchResult] = [:]
  /// The fine-tuning under way.
  package var fineTuning: FineTuneProgress?
  /// Results of fine-tuning, by the choices.
  package var fineTuned: [[Pattern]: FineTuned] = [:]
  /// The latest step's strategy with the user's edits since; its pins are those that hold.
  package var live: Strategy
  /// The user's edits.
  package var edits = EditHistory()
  /// Which strategy is shown.
  package var viewing = Viewing.live
  /// The strategy that the shown one is compared with.
  package var reference: Reference
  /// How many episodes the curves show; nil for all.
  package var plotSpan: Int?
  /// Actions and events, latest last.
  package private(set) var log: [LogEntry] = []

  /// Entries of the log beyond this number are forgotten, the oldest first.
  private static let logLimit = 1000

  /// A run without episodes.
  ///
  /// - Parameters:
  ///   - dense: the strategy that prunes nothing, which others are compared with at first.
  ///   - pins: the strategy whose pins hold; nil for none.
  package init(_ settings: SearchSettings, dense: Strategy, pins: Strategy? = nil) {
    self.settings = settings
    multiplier = settings.multiplier ?? 1
    history = History(of: settings.target.resource)
    live = pins ?? dense
    reference = Reference(dense: dense)
  }

  /// Takes the settings and the pins of the stored run that is gone on with.
  mutating func resume(_ settings: SearchSettings, pins: Strategy) {
    aim(at: settings.target)
    self.settings = settings
    multiplier = settings.multiplier ?? multiplier
    // Edits made while it was read are told the search after it.
    if edits.done.isEmpty { live = pins }
  }

  /// Takes a target.
  mutating func aim(at target: Target) {
    settings.target = target
    history.aim(at: target.resource)
  }

  /// Steers the search: the episode under way begins anew.
  mutating func steer(target: Target, multiplier: Double?) {
    aim(at: target)
    settings.multiplier = multiplier
    self.multiplier = multiplier ?? self.multiplier
    history.abandonEpisode()
  }

  /// Takes a step of the search.
  mutating func take(_ step: SearchStep) {
    history.take(step)
    follow(step)
  }

  /// Takes an episode that ended, and the weight of an excess in the next one.
  mutating func take(_ episode: Episode, multiplier: Double) {
    history.take(episode)
    self.multiplier = multiplier
    if let last = episode.steps.last { follow(last) }
  }

  /// Shows the step as the live strategy, unless it was proposed before the latest pins.
  private mutating func follow(_ step: SearchStep) {
    let agrees = live.pins.indices.allSatisfy {
      live.pins[$0] == step.strategy.pins[$0]
        && (!live.pins[$0] || live.choices[$0] == step.strategy.choices[$0])
    }
    if agrees { live = step.strategy }
  }

  /// Predicts the time of steps that were taken before choices were timed.
  mutating func predictLatencies(in model: ModelState) {
    history.predictLatencies(in: model)
  }

  /// Takes a measurement unless one on more images is known.
  mutating func take(_ measurement: Measurement, of strategy: Strategy) {
    let known = measurements[strategy.choices]?.accuracy.images ?? 0
    if measurement.accuracy.images >= known { measurements[strategy.choices] = measurement }
  }

  /// Takes a strategy that is ready to be written.
  mutating func take(_ result: SearchResult) {
    results[result.step.strategy.choices] = result
    take(result.step.measurement, of: result.step.strategy)
  }

  /// Remembers something that was done or happened.
  mutating func record(_ notice: Notice) {
    if log.count >= Self.logLimit { log.removeFirst(Self.logLimit / 10) }
    log.append(LogEntry(episodes: history.episodes.count, notice: notice))
  }
}
