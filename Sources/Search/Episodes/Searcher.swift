internal import Agent
internal import Engine
internal import Formats
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
  public private(set) var latencies: Latencies?
  /// The pinned units and their choices; the other units are free.
  public private(set) var pins: Strategy
  private var budget: Budget
  private var prior: StrategyPrior
  private var agent: SwitchingAgent
  private let tournament: Tournament
  /// What the agent goes without; nil in every search that is kept.
  private let omitted: AgentPart?
  /// The best strategy of the present target and pins, once it was looked at.
  private var parent: Tournament.Contestant?
  /// What was looked at.
  private var seen: Set<[Pattern]> = []
  /// Images looked at.
  private(set) var imagesSpent = 0

  /// A search that has not begun.
  ///
  /// - Parameters:
  ///   - sensitivity: what each choice is expected to cost; where the prior and the repair look.
  ///   - latencies: what each choice does to the time of an image; a target of latency needs it.
  ///   - pins: its pinned units keep their choices; the others are free.
  ///   - omitted: what the agent goes without, in a comparison.
  /// - Throws: `SearchError` if the settings make no sense.
  public init(
    _ workbench: Workbench, settings: SearchSettings, sensitivity: Sensitivity,
    latencies: Latencies? = nil, pins: Strategy? = nil, without omitted: AgentPart? = nil
  ) throws(SearchError) {
    try Self.check(target: settings.target, multiplier: settings.multiplier)
    guard settings.images > 0, settings.stepsPerEpisode > 0,
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
    budget = try Budget(settings.target, of: space, latencies, sensitivity: sensitivity)
    front = ParetoFront(of: settings.target.resource)
    self.omitted = omitted
    builder = ObservationBuilder(
      budget.costs, sensitivity: sensitivity, hasEdges: omitted != .graph)
    prior = StrategyPrior(budget, pins: self.pins, isPlanned: omitted != .prior)
    multiplier = settings.multiplier ?? 1
    tournament = workbench.tournament(images: settings.images, isStaged: omitted != .stages)
    do {
      agent = try SwitchingAgent(space, sensitivity, seed: settings.seed, without: omitted)
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
    var latencies: Latencies?
    var pins: Strategy
    /// Nil in a run that was stored when the agent learned in another way; then it begins anew.
    var agent: SwitchingAgent.State?
  }

  /// The state that `init(resuming:episodes:on:)` goes on from. Between episodes only.
  var state: State {
    State(
      settings: settings, menus: workbench.space.menus, method: workbench.method,
      multiplier: multiplier,
      sensitivity: sensitivity, latencies: latencies, pins: pins,
      agent: agent.state)
  }

  /// Goes on exactly as the search would have that was in `state` after `episodes`.
  init(resuming state: State, episodes: [Episode], on workbench: Workbench) throws(SearchError) {
    try self.init(
      workbench, settings: state.settings, sensitivity: state.sensitivity,
      latencies: state.latencies, pins: state.pins)
    multiplier = state.multiplier
    if let stored = state.agent {
      agent = SwitchingAgent(resuming: stored, workbench.space, sensitivity)
      seen = agent.seen
    }
    self.episodes = episodes
    for step in episodes.flatMap(\.steps) {
      front.insert(step)
      seen.insert(step.strategy.choices)
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
  public mutating func know(_ latencies: Latencies) {
    self.latencies = self.latencies ?? latencies
  }

  /// Aims at another target, with another weight of an excess, from now on; the episode under way
  /// begins anew.
  /// - Throws: `SearchError` if the settings make no sense.
  public mutating func steer(target: Target, multiplier: Double?) throws(SearchError) {
    guard target != settings.target || multiplier != settings.multiplier else { return }
    try Self.check(target: target, multiplier: multiplier)
    let budget = try Budget(target, of: workbench.space, latencies, sensitivity: sensitivity)
    if target.resource != front.resource {
      front = ParetoFront(of: target.resource, among: episodes.flatMap(\.steps) + steps)
      builder = ObservationBuilder(
        budget.costs, sensitivity: sensitivity, hasEdges: omitted != .graph)
    }
    settings.target = target
    settings.multiplier = multiplier
    if let multiplier { self.multiplier = multiplier }
    self.budget = budget
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
    prior = StrategyPrior(budget, pins: pins, isPlanned: omitted != .prior)
    steps = []
  }

  /// The first of the prior's strategies that was not looked at yet.
  private var due: Strategy? {
    prior.strategies.first { !seen.contains($0.choices) }
  }

  /// The best strategy so far that agrees with the pins and the target, and what to believe of it; the prior's before
  /// there is one.
  private var best: (strategy: Strategy, believedDivergence: Double?) {
    let candidates = episodes.filter { $0.target == settings.target }.flatMap(\.steps) + steps
    let best = candidates.filter { step in
      pins.pins.indices.allSatisfy {
        step.strategy.pins[$0] == pins.pins[$0]
          && (!pins.pins[$0] || step.strategy.choices[$0] == pins.choices[$0])
      }
    }.max { $0.score < $1.score }
    return best.map { ($0.strategy, $0.measurement.believedDivergence) } ?? (prior.strategy, nil)
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
    if cancellation?.isRequested == true { return nil }
    let (contestant, gain): (Tournament.Contestant, Double)
    if let strategy = due {
      guard let found = try look(at: strategy, cancellation) else { return nil }
      (contestant, gain) = (found, 0)
    } else {
      let best = best
      if parent?.strategy != best.strategy {
        parent = try look(at: best.strategy, cancellation)
        parent?.believedDivergence = best.believedDivergence
      }
      guard let parent else { return nil }
      guard let found = try improve(parent, cancellation) else { return nil }
      (contestant, gain) = found
    }
    seen.insert(contestant.strategy.choices)
    let excess = budget.excess(of: contestant.strategy)
    let step = contestant.step(
      in: workbench.space, latencies, reward: gain - multiplier * excess, excess: excess)
    steps.append(step)
    front.insert(step)
    if best.strategy == contestant.strategy { parent = contestant }
    guard steps.count >= settings.stepsPerEpisode else { return .step(step) }
    return .episode(endEpisode())
  }

  private mutating func improve(
    _ parent: Tournament.Contestant, _ cancellation: Cancellation?
  ) throws -> (Tournament.Contestant, gain: Double)? {
    let observation = builder.observation(
      of: parent.strategy, prior: prior, budget: budget, changeRate: settings.changeRate)
    let switching = Switching(
      parent.strategy, budget.judging(by: agent.critic.expected), pins: pins)
    let proposals = try agent.proposals(
      tournament.offspring, observation, switching, planner: prior.program, excluding: seen)
    let strategies = proposals.map(\.strategy)
    let outcome = try tournament.play(
      strategies, against: parent, expecting: strategies.map(switching.expectedGain),
      number: agent.generationCount, on: workbench, cancellation)
    guard let outcome else { return nil }
    try agent.learn(proposals, outcome.trials, observation)
    for proposal in proposals { seen.insert(proposal.strategy.choices) }
    imagesSpent += outcome.images
    return (outcome.winner, outcome.gain)
  }

  private mutating func look(
    at strategy: Strategy, _ cancellation: Cancellation?
  ) throws -> Tournament.Contestant? {
    let found = try tournament.contestant(strategy, on: workbench, cancellation)
    if found != nil { imagesSpent += tournament.images }
    return found
  }

  private mutating func endEpisode() -> Episode {
    let episode = Episode(
      number: episodeNumber, steps: steps, multiplier: multiplier, target: settings.target)
    episodes.append(episode)
    steps = []
    // Dual ascent: dearer while proposals exceed the budget, cheaper when they stay within it.
    let excess = episode.steps.reduce(0) { $0 + $1.excess } / Double(episode.steps.count)
    multiplier =
      settings.multiplier
      ?? min(SearchSettings.mostMultiplier, max(0.1, multiplier * (excess > 0.01 ? 1.1 : 0.95)))
    return episode
  }
}
