internal import Agent
internal import Patterns
internal import Tensors

/// The agent of a search: a policy that proposes switches, and a critic that says which of them to look at.
///
/// The critic draws losses as they could be (Thompson sampling), once for each look. Half of what is looked at is planned:
/// the best strategy by the losses that were drawn, however many units change. For the other half the policy is asked for
/// far more proposals than can be looked at, and the one that is best by the losses is. Both learn from every look: the
/// critic how large losses are, the policy which changes gained more than the others of their generation.
struct SwitchingAgent: Sendable {
  private var learner: Learner
  /// What it learned about losses.
  private(set) var critic: LossCritic
  private var generator: SeededGenerator
  /// Every trial so far, generation by generation.
  private var generations: [[Trial]] = []

  /// Proposals of the policy, and uniform ones, for each that is looked at.
  private static let imagined = 8
  /// What it goes without.
  private let omitted: AgentPart?

  /// A proposal of the policy.
  struct Proposal: Sendable {
    var action: Action
    /// Within the budget.
    var strategy: Strategy
  }

  init(
    _ space: PruningSpace, _ sensitivity: Sensitivity, seed: UInt64, without omitted: AgentPart?
  ) throws(AgentError) {
    self.omitted = omitted
    learner = try Learner(
      network: NetworkSettings(
        nodeFeatureCount: ObservationBuilder.nodeFeatureCount,
        choiceFeatureCount: ObservationBuilder.choiceFeatureCount),
      seed: seed)
    critic = LossCritic(space, sensitivity)
    generator = SeededGenerator(seed: seed ^ 0x5357)
  }

  /// Everything that its next proposals depend on.
  struct State: Codable {
    var learner: Learner
    var generator: SeededGenerator
    var generations: [[Trial]]
  }

  /// See `init(resuming:_:_:)`.
  var state: State {
    State(learner: learner, generator: generator, generations: generations)
  }

  /// Goes on exactly as the agent would have that was in `state`.
  init(resuming state: State, _ space: PruningSpace, _ sensitivity: Sensitivity) {
    omitted = nil
    learner = state.learner
    generator = state.generator
    generations = state.generations
    critic = LossCritic(space, sensitivity)
    for trials in generations { critic.learn(trials) }
  }

  /// The tournaments that it learned from.
  var generationCount: Int { generations.count }

  /// The strategies that were looked at.
  var seen: Set<[Pattern]> { Set(generations.joined().map(\.choices)) }

  /// Proposals to look at: at most `count`, all different, none of those in `seen`; the parent again if there are none.
  mutating func proposals(
    _ count: Int, _ observation: Observation, _ switching: Switching,
    planner: BudgetProgram, excluding seen: Set<[Pattern]>
  ) throws -> [Proposal] {
    let (parent, space) = (switching.parent, switching.space)
    var known = seen
    known.insert(parent.choices)
    var proposals: [Proposal] = []
    let current = space.units.indices.map { unit in
      switching.pins.pins[unit]
        ? 0 : space.units[unit].menu.firstIndex(of: parent.choices[unit]) ?? 0
    }
    func propose(_ action: Action) {
      let changes = action.choices.enumerated().map { UnitChoice(unit: $0, choice: $1) }.filter {
        !switching.pins.pins[$0.unit] && space.pattern(of: $0) != parent.choices[$0.unit]
      }
      let strategy = switching.switching(to: changes)
      guard known.insert(strategy.choices).inserted else { return }
      proposals.append(Proposal(action: action, strategy: strategy))
    }
    if omitted != .policy {
      for action in try learner.act(observation, count: count * Self.imagined) { propose(action) }
    }
    if omitted == .critic, !proposals.isEmpty { return Array(proposals.prefix(count)) }
    // Whatever the policy is sure of: uniform switches are thought about, too.
    for _ in 0..<count * Self.imagined {
      var choices = current
      for choice in switching.drawn(using: &generator) { choices[choice.unit] = choice.choice }
      propose(try learner.act(observation, mode: .given(choices)))
    }
    var chosen: [Proposal] = []
    for _ in 0..<count / 2 {
      let drawn = critic.drawn(using: &generator)
      guard let plan = switching.planned(by: planner, drawn), known.insert(plan.choices).inserted
      else { continue }
      let choices = current.indices.map { unit in
        switching.pins.pins[unit]
          ? 0 : space.units[unit].menu.firstIndex(of: plan.choices[unit]) ?? current[unit]
      }
      chosen.append(
        Proposal(action: try learner.act(observation, mode: .given(choices)), strategy: plan))
    }
    if proposals.isEmpty, chosen.isEmpty {
      let action = try learner.act(observation, mode: .given(current))
      return [Proposal(action: action, strategy: parent)]
    }
    while chosen.count < count, !proposals.isEmpty {
      let drawn = switching.judging(by: critic.drawn(using: &generator))
      let losses = proposals.map { drawn.loss(of: $0.strategy) }
      let best = losses.indices.min { losses[$0] < losses[$1] } ?? 0
      chosen.append(proposals.remove(at: best))
    }
    return chosen
  }

  /// Learns what became of some proposals, one trial each.
  mutating func learn(
    _ proposals: [Proposal], _ trials: [Trial], _ observation: Observation
  ) throws(AgentError) {
    if omitted != .critic { critic.learn(trials) }
    generations.append(trials)
    let gains = trials.map { $0.credible() }
    let mean = gains.reduce(0, +) / Double(max(gains.count, 1))
    try learner.update(
      Rollout(
        steps: zip(proposals, gains).map { proposal, gain in
          Step(
            observation: observation, action: proposal.action, reward: Float(gain - mean),
            isTerminal: true)
        }))
  }
}
