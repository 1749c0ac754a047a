internal import Engine
internal import Formats
public import Foundation
internal import Metrics
internal import ModelGraph
public import Patterns
internal import Pruning
public import Threads

/// One search of a model, from the dense network to the strategy's file: the baseline, the times and losses of
/// choices, episodes, finalists, and what is exported. Whoever shows it is told what happens.
///
/// A value: work that is cancelled leaves no trace, and is begun again when it is next asked for.
///
///     var settings = SearchSettings()
///     settings.target = Target(0.6)
///     settings.images = 64
///     var session = try SearchSession(
///       Workbench(modelAt: sample, method: PruningMethod(correction: .none)), settings: settings)
///     while !session.isPrepared { _ = try session.prepare() }
///     while session.episodes.isEmpty { _ = try session.step() }
///     let best = session.episodes[0].best.strategy
public struct SearchSession: Sendable {
  /// The parts of a session beside the search's settings.
  public struct Options: Sendable {
    /// Where episodes are kept.
    public var recording: Recording
    /// Whether choices are timed even if the target is not of latency; then it is no failure if they cannot be.
    public var timesChoices: Bool
    /// The times of choices on other devices, in place of this machine's.
    public var latencies: Latencies?
    /// Whether the layers of a result are solved again where that gains accuracy.
    public var resolves: Bool
    /// Where the best strategy so far is written; nil for nowhere.
    public var output: String?

    /// Options; nothing is kept or written, as usual.
    public init(
      recording: Recording = .none, timesChoices: Bool = false, latencies: Latencies? = nil,
      resolves: Bool = true, output: String? = nil
    ) {
      self.latencies = latencies
      self.recording = recording
      self.timesChoices = timesChoices
      self.resolves = resolves
      self.output = output
    }
  }

  /// The model and the images that judge it.
  public let workbench: Workbench
  private let options: Options
  private let tell: @Sendable (Event) -> Void

  private var initialSettings: SearchSettings
  private var initialPins: Strategy?
  private var isBaselineKnown = false
  private var isTimed = false
  private var latencies: Latencies?
  /// Begins once the losses of choices are known, or a stored one was read.
  private var search: RecordedSearch
  /// The run that another program writes, if this session only shows it.
  private(set) var followed: FollowedRun?
  /// The score of the strategy that was written last, and what it was for.
  private var written: (score: Double, target: Target)?

  /// A session before its first piece of work; one that goes on with a stored run has its episodes.
  ///
  /// - Parameter tell: called with what happens, some of it on other threads.
  /// - Throws: `SearchError` if a run is to be recorded where there is one, or cannot be gone on with.
  public init(
    _ workbench: Workbench, settings: SearchSettings, options: Options = Options(),
    tell: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws {
    self.workbench = workbench
    self.options = options
    self.tell = tell
    initialSettings = settings
    search = try RecordedSearch(workbench, recording: options.recording)
    if options.recording.storedPath != nil { try resume() }
  }

  private mutating func resume() throws {
    let searcher = search.searcher
    var stored = StoredRun(
      settings, pins: searcher?.pins ?? Strategy(denseFor: workbench.space),
      multiplier: searcher?.multiplier ?? 1, episodes: episodes, memory: try recorder.memory())
    if case .follow(let path) = options.recording {
      stored.writer = RunWriter(ofRun: path)
      followed = recorder.followed(after: stored)
    }
    tell(.resumed(stored))
    guard let searcher else { return }
    latencies = searcher.latencies
    tell(.sensitivity(searcher.sensitivity))
    if let latencies { tell(.latencies(latencies)) }
  }

  /// How the search is run.
  public var settings: SearchSettings { search.searcher?.settings ?? initialSettings }

  /// Every finished episode, in order.
  public var episodes: [Episode] { search.searcher?.episodes ?? [] }

  /// The episodes since the one that found the best strategy of the present target.
  public var episodesSinceRecord: Int {
    let own = episodes.filter { $0.target == settings.target }
    let best = own.map(\.score).max()
    return own.firstIndex { $0.score == best }.map { own.count - 1 - $0 } ?? 0
  }

  /// Every step taken so far.
  public var steps: [SearchStep] { episodes.flatMap(\.steps) + (search.searcher?.steps ?? []) }

  /// The search, once it has begun.
  var preparedSearcher: Searcher? { search.searcher }

  /// Whether everything is known that episodes need.
  public var isPrepared: Bool { isBaselineKnown && isTimed && search.searcher != nil }

  // MARK: Steering

  /// Holds the pinned units of a strategy at its choices from now on.
  public mutating func pin(_ strategy: Strategy) throws(SearchError) {
    initialPins = strategy
    try search.pin(strategy)
  }

  /// Aims at another target, with another weight of an excess, from now on; nil lets it follow the episodes.
  /// - Throws: `SearchError` if the settings make no sense.
  public mutating func steer(target: Target, multiplier: Double?) throws(SearchError) {
    initialSettings.target = target
    initialSettings.multiplier = multiplier
    try search.steer(target: target, multiplier: multiplier)
  }

  /// Keeps what whoever shows the session is to be told when it is gone on with, whether it has begun or not.
  public func remember(_ memory: Data) throws(SearchError) { try recorder.remember(memory) }

  /// Where the session is kept, to which other threads may add what is to be told when it is gone on with.
  var recorder: RunRecorder { search.recorder }

  // MARK: Work

  /// Does the next piece of what episodes need: the dense accuracy, the times of choices, their losses.
  ///
  /// - Returns: false if `cancellation` was asked for.
  /// - Throws: what keeps the search from beginning; it may be asked for again.
  public mutating func prepare(_ cancellation: Cancellation? = nil) throws -> Bool {
    if !isBaselineKnown { return try measureBaseline(cancellation) }
    if !isTimed { return try time(cancellation) }
    if search.searcher == nil { return try begin(cancellation) }
    return true
  }

  private mutating func measureBaseline(_ cancellation: Cancellation?) throws -> Bool {
    let (cost, tell) = (workbench.space.denseCost, tell)
    let final = try workbench.denseAccuracy(
      cancellation,
      progress: { tell(.baseline(Measurement(cost: cost, accuracy: $0), isFinal: false)) })
    if let final { tell(.baseline(Measurement(cost: cost, accuracy: final), isFinal: true)) }
    isBaselineKnown = final != nil
    return isBaselineKnown
  }

  private mutating func time(_ cancellation: Cancellation?) throws -> Bool {
    let isNeeded = settings.target.resource == .latency
    isTimed = latencies != nil || !(isNeeded || options.timesChoices || options.latencies != nil)
    if isTimed { return true }
    let tell = tell
    do {
      latencies =
        try options.latencies
        ?? LatencyTable.cached(
          workbench.model, digest: workbench.file.digest, workbench.space,
          cancellation: cancellation, progress: { tell(.timing(done: $0, of: $1)) }
        ).map { Latencies($0) }
    } catch  where !isNeeded {
      isTimed = true
      tell(.timingFailed("\(error)"))
      return true
    }
    guard let latencies else { return false }
    isTimed = true
    search.know(latencies)
    tell(.latencies(latencies))
    return true
  }

  private mutating func begin(_ cancellation: Cancellation?) throws -> Bool {
    let tell = tell
    let sensitivity = try workbench.cachedSensitivity(
      cancellation: cancellation, progress: { tell(.measuringSensitivity(done: $0, of: $1)) })
    guard let sensitivity else { return false }
    try search.begin(
      initialSettings, sensitivity: sensitivity, latencies: latencies, pins: initialPins)
    tell(.sensitivity(sensitivity))
    return true
  }

  /// Takes a step of the search, which is prepared.
  ///
  /// - Returns: nil if `cancellation` was asked for.
  public mutating func step(_ cancellation: Cancellation? = nil) throws -> Searcher.StepOutcome? {
    guard let outcome = try search.step(cancellation) else { return nil }
    tell(.looked(images: search.searcher?.imagesSpent ?? 0))
    switch outcome {
    case .step(let step): tell(.step(step))
    case .episode(let episode):
      tell(.episode(episode, multiplier: search.searcher?.multiplier ?? 0))
      try keep(episode)
    }
    return outcome
  }

  /// Writes the best strategy of the present target when an episode has found a better one.
  private mutating func keep(_ episode: Episode) throws {
    guard options.output != nil else { return }
    if let written, written.target == episode.target, written.score >= episode.score { return }
    try write(file(of: episode.best, workbench.method))
    written = (episode.score, episode.target)
  }

  private func write(_ file: StrategyFile) throws {
    guard let path = options.output else { return }
    try file.write(to: path, for: workbench.space, replacing: true)
    tell(.written(path: path))
  }

  /// Measures a strategy on every image.
  ///
  /// - Returns: nil if `cancellation` was asked for.
  public func measure(
    _ strategy: Strategy, _ cancellation: Cancellation? = nil
  ) throws -> Measurement? {
    let cost = workbench.space.cost(of: strategy)
    let measurement = try workbench.measure(
      strategy, cancellation: cancellation,
      progress: {
        tell(.measured(strategy, Measurement(cost: cost, accuracy: $0), isFinal: false))
      })
    if let measurement { tell(.measured(strategy, measurement, isFinal: true)) }
    return measurement
  }

  // MARK: Results

  /// Takes what has come to a run that another program writes.
  package mutating func catchUp() throws(SearchError) {
    guard followed != nil else { return }
    try search.readAgain()
    if search.searcher?.latencies == nil, let latencies { search.know(latencies) }
  }

  /// The best strategy of the present target: the winner of the finalists, as it is exported.
  ///
  /// - Returns: nil if `cancellation` was asked for.
  public func result(_ cancellation: Cancellation? = nil) throws -> SearchResult? {
    let target = settings.target
    var candidates = episodes.filter { $0.target == target }.flatMap(\.steps)
    candidates += search.searcher?.steps ?? []
    guard !candidates.isEmpty else { throw SearchError("the search has not taken a step yet") }
    let best = try workbench.best(of: candidates, cancellation: cancellation) {
      tell(.finalist($0, done: $1, of: $2))
    }
    guard let best else { return nil }
    try write(file(of: best, workbench.method))
    return try result(of: best, cancellation)
  }

  /// A strategy as it is exported: measured on every image, its layers solved again where that gains accuracy.
  ///
  /// - Returns: nil if `cancellation` was asked for.
  public func result(
    of strategy: Strategy, _ cancellation: Cancellation? = nil
  ) throws -> SearchResult? {
    guard let measurement = try measure(strategy, cancellation) else { return nil }
    let score = measurement.score
    return try result(
      of: SearchStep(
        strategy: strategy, measurement: measurement, score: score, reward: score, excess: 0,
        latency: latencies?.share(of: strategy, in: workbench.space)), cancellation)
  }

  private func result(
    of best: SearchStep, _ cancellation: Cancellation?
  ) throws -> SearchResult? {
    var (step, method) = (best, workbench.method)
    if options.resolves, workbench.calibration != nil, !step.strategy.isDense {
      tell(.resolving)
      let resolved = try workbench.prune(step.strategy, .resolved)
      guard let measured = try workbench.measure(resolved, cancellation: cancellation) else {
        return nil
      }
      if measured.accuracy.fraction > step.measurement.accuracy.fraction {
        step.measurement = measured
        method.correction = .resolved
      }
    }
    let file = file(of: step, method)
    var result = SearchResult(step: step, method: method, file: file)
    if settings.target.resource == .latency, options.latencies == nil {
      result.latency = try LatencyComparison(
        of: workbench.prune(step.strategy, method.correction).lowered().model,
        beside: workbench.model, on: workbench.space.engine)
    }
    tell(.result(result))
    return result
  }

  /// The file of a strategy; its target is that of the episode that found it.
  private func file(of step: SearchStep, _ method: PruningMethod) -> StrategyFile {
    let episode = episodes.first { episode in
      episode.steps.contains { $0.strategy.choices == step.strategy.choices }
    }
    return StrategyFile(
      model: workbench.model.name, digest: workbench.file.digest,
      target: episode?.target ?? settings.target, seed: settings.seed, method: method,
      metrics: .init(step.measurement.cost, validation: step.measurement.accuracy),
      strategy: step.strategy)
  }

  /// The whole search at once: everything that episodes need, so many of them in all, and the result, which is in
  /// `Options.output` then. What was found stays there when a later part fails.
  ///
  /// - Parameters:
  ///   - patience: so many episodes without a better strategy end it early; nil for none.
  ///   - interruption: ends it after the episode under way, which is stored, or in the midst of what is not.
  /// - Throws: `SearchError` if it was interrupted, too.
  public mutating func run(
    episodes count: Int, patience: Int? = nil, interruption: Cancellation? = nil
  ) throws -> SearchResult {
    func isInterrupted() -> Bool { interruption?.isRequested == true }
    while !isPrepared, !isInterrupted() { _ = try prepare(interruption) }
    while episodes.count < count, patience.map({ episodesSinceRecord < $0 }) ?? true {
      if isInterrupted(), search.searcher?.steps.isEmpty ?? true { break }
      _ = try step()
    }
    guard !isInterrupted(), let result = try result(interruption) else {
      throw SearchError("ended early, after \(episodes.count) episodes; --resume goes on")
    }
    try write(result.file)
    return result
  }
}
