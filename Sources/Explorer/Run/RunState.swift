internal import Metrics
package import Patterns
package import Search

/// A run of the search as the screen knows it; a new value knows nothing of another run.
package struct RunState: Sendable {
  /// Who writes into the run where it is only shown here; nil if this program does.
  package internal(set) var writer: RunWriter?
  /// How the search is run.
  package var settings: SearchSettings
  /// The weight of an excess over the budget in the reward.
  package private(set) var multiplier: Double
  /// The steps and episodes.
  package private(set) var history: History
  /// The work of other threads on it.
  package var work = Work()
  /// How fast the search is.
  package var pace = Pace()
  /// Measurements of strategies that the user made or asked about, by the choices.
  package private(set) var measurements: [[Pattern]: Measurement] = [:]
  /// Strategies that are ready to be written, by the choices.
  package private(set) var results: [[Pattern]: SearchResult] = [:]
  /// The fine-tuning under way.
  package var fineTuning: FineTuneProgress?
  /// The epochs and the rate that were chosen last.
  package var tuning = TuningChoice()
  /// Results of fine-tuning, by the choices.
  package var fineTuned: [[Pattern]: FineTuned] = [:]
  /// The latest step's strategy with the user's edits since; its pins are those that hold.
  package private(set) var live: Strategy
  /// The strategy that the user made live last.
  package private(set) var adopted: Adopted?
  /// The user's edits.
  package var edits = EditHistory()
  /// Which strategy is shown.
  package var viewing = Viewing.live
  /// The strategy that the shown one is compared with.
  package var reference: Reference
  /// The planner's front, once it was asked for.
  package var sweep: Sweep?
  /// The measured time of strategies, as a share of the dense model's, by the choices.
  package private(set) var times: [[Pattern]: Double] = [:]
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

  /// Whether there is something in it to go on with.
  var isBegun: Bool {
    adopted != nil || history.lastStep != nil || !edits.done.isEmpty || !edits.undone.isEmpty
  }

  /// Takes a stored run that is gone on with, what was remembered of it, and on top of that the edits that were
  /// made while it was read.
  mutating func resume(_ stored: StoredRun, _ memory: RunMemory?) {
    writer = stored.writer
    settings = stored.settings
    multiplier = stored.multiplier
    steer(to: memory?.aim ?? settings.aim)
    for episode in stored.episodes { history.take(episode) }
    adopted = memory?.adopted
    live = adopted?.strategy ?? stored.pins
    if stored.episodes.count > adopted?.episodes ?? 0, let last = history.lastStep { follow(last) }
    for edit in edits.done {
      switch edit.change {
      case .strategy(let before, let after): adopt(live.changed(from: before, to: after))
      case .aim(_, let after): steer(to: after)
      case .images: break
      }
    }
    if let memory { edits = edits.following(memory.edits) }
    if sweep == nil, let swept = memory?.sweep, !swept.isEmpty { sweep = Sweep(swept) }
    tuning = memory?.tuning ?? TuningChoice()
    log =
      (memory?.log ?? [])
      + log.map { LogEntry(episodes: stored.episodes.count, notice: $0.notice) }
  }

  /// Takes what has come to a run that another program writes.
  mutating func take(_ news: StoredRun) {
    writer = news.writer
    if news.pins.pinned != live.pinned { live = news.pins }
    if news.settings.aim != aim { steer(to: news.settings.aim) }
    (settings, multiplier) = (news.settings, news.multiplier)
    for episode in news.episodes { take(episode, multiplier: news.multiplier) }
  }

  /// A run that aims at the same, with the same pins, edits and log, and of which nothing is known.
  func begunAnew(dense: Strategy) -> RunState {
    var run = RunState(settings, dense: dense, pins: live.pinned)
    (run.edits, run.log, run.plotSpan) = (edits, log, plotSpan)
    return run
  }

  /// What the search aims at.
  package var aim: Aim { settings.aim }

  /// Steers the search: the episode under way begins anew.
  mutating func steer(to aim: Aim) {
    settings.target = aim.target
    settings.multiplier = aim.multiplier
    history.aim(at: aim.target.resource)
    multiplier = aim.multiplier ?? multiplier
    abandonEpisode()
  }

  /// Makes a strategy of the user's the live one; if it holds other pins, the episode under way begins anew.
  mutating func adopt(_ strategy: Strategy) {
    if strategy.pinned != live.pinned { abandonEpisode() }
    live = strategy
    adopted = Adopted(strategy: strategy, episodes: history.episodes.count)
  }

  /// Forgets the steps of the episode under way, but not what was measured of them.
  private mutating func abandonEpisode() {
    for step in history.steps { take(step.measurement, of: step.strategy) }
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

  /// Takes the measured time of a strategy.
  mutating func take(_ comparison: LatencyComparison, of strategy: Strategy) {
    times[strategy.choices] = comparison.ratio.median
  }

  /// Takes a strategy that is ready to be written.
  mutating func take(_ result: SearchResult) {
    results[result.step.strategy.choices] = result
    if let latency = result.latency { take(latency, of: result.step.strategy) }
    take(result.step.measurement, of: result.step.strategy)
  }

  /// Remembers something that was done or happened.
  mutating func record(_ notice: Notice) {
    if log.count >= Self.logLimit { log.removeFirst(Self.logLimit / 10) }
    log.append(LogEntry(episodes: history.episodes.count, notice: notice))
  }
}

extension SearchSettings {
  /// What the search aims at.
  var aim: Aim { Aim(target, multiplier: multiplier) }
}
