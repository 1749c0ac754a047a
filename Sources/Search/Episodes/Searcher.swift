internal import Agent
internal import Engine
internal import ModelGraph
public import Patterns
public import Threads

/// A search under way: the agent, its episodes and what they found. A value: a copy is a snapshot,
/// and a step that is cancelled leaves no trace.
public struct Searcher: Sendable {
  /// How it is run.
  public private(set) var settings: SearchSettings
  /// Every finished episode, in order.
  public private(set) var episodes: [Episode] = []
  /// The Pareto front of all steps.
  public private(set) var front: ParetoFront
  /// The weight of an excess over the budget in the reward (a Lagrange multiplier).
  public private(set) var multiplier = 1.0
  /// The steps of the episode under way.
  public private(set) var steps: [SearchStep] = []

  /// The expected loss of each choice, where the prior and the repair look.
  public let sensitivity: Sensitivity

  private let workbench: Workbench
  private var builder: ObservationBuilder
  /// The time of every choice, if it was measured.
  public private(set) var latencies: LatencyTable?
  /// The pinned units and their choices; the other units are free.
  public private(set) var pins: Strategy
  private var budget: Budget
  private var prior: StrategyPrior
  private var learner: Learner
  private var rollout = Rollout()
  private var current: Strategy
  private var measured: [[Pattern]: Measurement] = [:]

  /// A search that has not begun.
  ///
  /// - Parameters:
  ///   - sensitivity: what each choice is expected to cost; where the prior and the repair look.
  ///   - latencies: what each choice does to the time of an image; a target of latency needs it.
  ///   - pins: its pinned units keep their choices; the others are free.
  /// - Throws: `SearchError` if the settings make no sense.
  public init(
    _ workbench: Workbench, settings: SearchSettings, sensitivity: Sensitivity,
    latencies: LatencyTable? = nil, pins: Strategy? = nil
  ) throws(SearchError) {
    try Self.check(target: settings.target, multiplier: settings.multiplier)
    guard settings.images > 0, settings.stepsPerEpisode > 0, settings.episodesPerUpdate > 0,
      settings.changeRate > 0, settings.changeRate < 1
    else { throw SearchError("images, steps and episodes must be at least 1") }
    guard !workbench.space.units.isEmpty else {
      throw SearchError("model '\(workbench.model.name)' has nothing that these patterns can prune")
    }
    self.settings = settings
    self.workbench = workbench
    let space = workbench.space
    self.pins = pins ?? Strategy(denseFor: space)
    self.sensitivity = sensitivity
    self.latencies = latencies
    let costs = try CostModel(of: settings.target.resource, space, latencies)
    front = ParetoFront(of: settings.target.resource)
    builder = ObservationBuilder(costs, sensitivity: sensitivity)
    budget = Budget(costs, sensitivity: sensitivity, share: settings.target.share)
    prior = StrategyPrior(budget, pins: self.pins)
    current = prior.strategy
    multiplier = settings.multiplier ?? 1
    do {
      learner = try Learner(
        network: NetworkSettings(
          nodeFeatureCount: ObservationBuilder.nodeFeatureCount,
          choiceFeatureCount: ObservationBuilder.choiceFeatureCount),
        seed: settings.seed)
    } catch {
      throw SearchError("the agent cannot be made: \(error)")
    }
  }

  /// Everything between two episodes that the next ones depend on, but for the episodes themselves.
  struct State: Codable {
    var settings: SearchSettings
    /// See `PruningSpace.menus`; nil in a run that was stored before there were users' patterns.
    var menus: String?
    /// How its strategies were made into models; nil in a run that was stored before there was a choice.
    var method: PruningMethod?
    var multiplier: Double
    var sensitivity: Sensitivity
    var latencies: LatencyTable?
    var pins: Strategy
    var learner: Learner
    var rollout: Rollout
  }

  /// The state that `init(resuming:episodes:on:)` goes on from. Between episodes only.
  var state: State {
    State(
      settings: settings, menus: workbench.space.menus, method: workbench.method,
      multiplier: multiplier,
      sensitivity: sensitivity, latencies: latencies, pins: pins, learner: learner,
      rollout: rollout)
  }

  /// Goes on exactly as the search would have that was in `state` after `episodes`.
  init(resuming state: State, episodes: [Episode], on workbench: Workbench) throws(SearchError) {
    try self.init(
      workbench, settings: state.settings, sensitivity: state.sensitivity,
      latencies: state.latencies, pins: state.pins)
    multiplier = state.multiplier
    learner = state.learner
    rollout = state.rollout
    self.episodes = episodes.map { episode in
      var episode = episode
      if episode.target.share.isNaN { episode.target = state.settings.target }
      return episode
    }
    for step in episodes.flatMap(\.steps) {
      front.insert(step)
      measured[step.strategy.choices] = step.measurement
    }
  }

  /// The number of the episode under way, from 1.
  public var episodeNumber: Int { episodes.count + 1 }

  /// Holds the pinned units of `strategy` at its choices from now on; the episode under way begins anew.
  public mutating func pin(_ strategy: Strategy) {
    guard pins != strategy else { return }
    pins = strategy
    beginAnew()
  }

  /// Says what each choice does to the time of an image, if that was not known.
  public mutating func know(_ latencies: LatencyTable) {
    self.latencies = self.latencies ?? latencies
  }

  /// Aims at another target, with another weight of an excess, from now on; the episode under way
  /// begins anew.
  /// - Throws: `SearchError` if the settings make no sense.
  public mutating func steer(target: Target, multiplier: Double?) throws(SearchError) {
    guard target != settings.target || multiplier != settings.multiplier else { return }
    try Self.check(target: target, multiplier: multiplier)
    let costs = try CostModel(of: target.resource, workbench.space, latencies)
    if target.resource != front.resource {
      front = ParetoFront(of: target.resource, among: episodes.flatMap(\.steps) + steps)
      builder = ObservationBuilder(costs, sensitivity: sensitivity)
    }
    settings.target = target
    settings.multiplier = multiplier
    if let multiplier { self.multiplier = multiplier }
    budget = Budget(costs, sensitivity: sensitivity, share: target.share)
    beginAnew()
  }

  private static func check(target: Target, multiplier: Double?) throws(SearchError) {
    guard target.share > 0, target.share <= 1 else {
      throw SearchError("the target is a share above 0 and at most 1, not \(target.share)")
    }
    guard multiplier.map({ $0 > 0 && $0 <= SearchSettings.mostMultiplier }) ?? true else {
      throw SearchError(
        "the weight of an excess is above 0 and at most \(Int(SearchSettings.mostMultiplier))")
    }
  }

  private mutating func beginAnew() {
    prior = StrategyPrior(budget, pins: pins)
    steps = []
    rollout = Rollout()
    current = start()
  }

  /// The first of the prior's strategies that was not measured yet.
  private var due: Strategy? {
    prior.strategies.first { measured[$0.choices] == nil }
  }

  /// Where an episode begins: at the best strategy so far that agrees with the pins and the target, otherwise
  /// at the prior's.
  private func start() -> Strategy {
    let best = episodes.filter { $0.target == settings.target }
      .map { (score: $0.score, strategy: $0.best.strategy) }
      .filter { _, strategy in
        pins.pins.indices.allSatisfy {
          strategy.pins[$0] == pins.pins[$0]
            && (!pins.pins[$0] || strategy.choices[$0] == pins.choices[$0])
        }
      }
      .max { $0.score < $1.score }
    return best?.strategy ?? prior.strategy
  }

  /// Makes and evaluates one proposal; the last one of an episode ends it.
  ///
  /// The first steps of a search, and those after a change of target or pins, evaluate what the prior begins with.
  /// - Returns: what happened, or nil if `cancellation` was asked for: then nothing has changed.
  /// - Throws: `SearchError` if the engine or the agent fails.
  public mutating func step(
    cancellation: Cancellation? = nil
  ) throws(SearchError) -> StepOutcome? {
    do {
      var next = self
      guard let outcome = try next.advance(cancellation) else { return nil }
      self = next
      return outcome
    } catch {
      throw SearchError("\(error)")
    }
  }

  /// The outcome of a step.
  public enum StepOutcome: Sendable {
    /// The episode goes on.
    case step(SearchStep)
    /// The episode is over.
    case episode(Episode)
  }

  private mutating func advance(_ cancellation: Cancellation?) throws -> StepOutcome? {
    if steps.isEmpty { current = start() }
    let observation = builder.observation(
      of: current, prior: prior, budget: budget, changeRate: settings.changeRate)
    var (action, proposal, repaired) = try propose(observation, due.map(choosing) ?? .sample)
    // What was measured before teaches little: the agent is asked again a few times.
    for _ in 0..<Self.proposals where due == nil && measured[repaired.choices] != nil {
      (action, proposal, repaired) = try propose(observation, .sample)
    }
    let excess = budget.excess(of: proposal)
    guard let measurement = try measure(repaired, cancellation) else { return nil }
    measured[repaired.choices] = measurement

    let score = settings.score(of: measurement)
    let step = SearchStep(
      strategy: repaired, measurement: measurement, score: score,
      reward: score - multiplier * excess, excess: excess,
      latency: latencies?.share(of: repaired, in: workbench.space))
    let isLast = steps.count + 1 >= settings.stepsPerEpisode
    rollout.steps.append(
      Step(
        observation: observation, action: action, reward: Float(step.reward), isTerminal: isLast))
    // A refinement that made things worse is not built upon.
    if steps.allSatisfy({ $0.score < score }) { current = repaired }
    steps.append(step)
    front.insert(step)
    guard isLast else { return .step(step) }
    return .episode(try endEpisode())
  }

  /// How often the agent may propose what is known already.
  private static let proposals = 8

  /// The agent's proposal, and the same within the budget: what it changed stays as it wants it, if there is
  /// any way, and what it left alone makes room.
  private mutating func propose(
    _ observation: Observation, _ mode: ActionMode
  ) throws -> (action: Action, proposal: Strategy, repaired: Strategy) {
    let action = try learner.act(observation, mode: mode)
    var proposal = current
    var held = current
    for (unit, choice) in action.choices.enumerated() where !pins.pins[unit] {
      let pattern = workbench.space.units[unit].menu[choice]
      held.pins[unit] = pattern != current.choices[unit]
      (proposal.choices[unit], held.choices[unit]) = (pattern, pattern)
    }
    var repaired = budget.repaired(held)
    repaired.pins = proposal.pins
    if budget.excess(of: repaired) > 0 { repaired = budget.repaired(proposal) }
    return (action, proposal, repaired)
  }

  /// The action that leads to a strategy.
  private func choosing(_ strategy: Strategy) -> ActionMode {
    .given(
      workbench.space.units.indices.map { unit in
        pins.pins[unit]
          ? 0 : workbench.space.units[unit].menu.firstIndex(of: strategy.choices[unit]) ?? 0
      })
  }

  private mutating func endEpisode() throws -> Episode {
    let episode = Episode(
      number: episodeNumber, steps: steps, multiplier: multiplier, target: settings.target)
    episodes.append(episode)
    steps = []
    // Dual ascent: dearer while proposals exceed the budget, cheaper when they stay within it.
    let excess = episode.steps.reduce(0) { $0 + $1.excess } / Double(episode.steps.count)
    multiplier =
      settings.multiplier
      ?? min(SearchSettings.mostMultiplier, max(0.1, multiplier * (excess > 0.01 ? 1.1 : 0.95)))
    if episodes.count.isMultiple(of: settings.episodesPerUpdate) {
      _ = try learner.update(rollout)
      rollout = Rollout()
    }
    return episode
  }

  private func measure(
    _ strategy: Strategy, _ cancellation: Cancellation?
  ) throws -> Measurement? {
    if cancellation?.isRequested == true { return nil }
    if let known = measured[strategy.choices] { return known }
    return try workbench.measure(
      strategy, images: settings.images, judgesOutputs: settings.judgesOutputs,
      cancellation: cancellation)
  }
}
