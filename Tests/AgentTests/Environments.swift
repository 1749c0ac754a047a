import Agent
import Tensors

/// A game of one or more steps that the agent can learn.
protocol Environment {
  /// Starts an episode and returns what is seen first.
  mutating func reset(using generator: inout SeededGenerator) -> Observation
  /// Plays one choice a unit; without an observation the episode is over.
  mutating func step(_ choices: [Int]) -> (reward: Float, next: Observation?)
}

extension Environment {
  /// Plays episodes until the end, with choices made by `act`, and returns them as one rollout.
  mutating func play(
    episodes: Int, using generator: inout SeededGenerator,
    act: (Observation) throws -> Action
  ) rethrows -> Rollout {
    var rollout = Rollout()
    for _ in 0..<episodes {
      var current: Observation? = reset(using: &generator)
      while let observation = current {
        let action = try act(observation)
        let (reward, next) = step(action.choices)
        rollout.steps.append(
          Step(
            observation: observation, action: action, reward: reward, isTerminal: next == nil))
        current = next
      }
    }
    return rollout
  }

  /// The mean reward of an episode.
  mutating func meanReward(
    episodes: Int, using generator: inout SeededGenerator,
    act: (Observation) throws -> Action
  ) rethrows -> Float {
    let rollout = try play(episodes: episodes, using: &generator, act: act)
    return rollout.steps.reduce(0) { $0 + $1.reward } / Float(episodes)
  }
}

/// The mean reward of an episode played by a learner, which stays as it is.
func meanReward(
  of learner: Learner, in environment: some Environment, episodes: Int, mode: ActionMode
) throws -> Float {
  var (learner, environment) = (learner, environment)
  var generator = SeededGenerator(seed: 1_000)
  return try environment.meanReward(episodes: episodes, using: &generator) {
    try learner.act($0, mode: mode)
  }
}

/// The mean reward of choices drawn from the legal ones alike.
func meanRewardOfChance(in environment: some Environment, episodes: Int) -> Float {
  var environment = environment
  var generator = SeededGenerator(seed: 1_000)
  var choice = SeededGenerator(seed: 2_000)
  return environment.meanReward(episodes: episodes, using: &generator) { observation in
    Action(
      choices: observation.units.map { choice.categorical($0.isLegal.map { $0 ? 1 : 0 }) },
      logProbabilities: [], value: 0, entropy: 0)
  }
}

/// A bandit whose right choices can be read only from a neighbour's feature.
///
/// Every unit's own node looks the same. Another node feeds it through data flow and holds +1 or -1, the right
/// choice; a decoy holds another sign behind a residual edge.
struct NeighborBandit: Environment {
  let unitCount = 3
  private var answers: [Int] = []

  mutating func reset(using generator: inout SeededGenerator) -> Observation {
    answers = (0..<unitCount).map { _ in generator.index(below: 2) }
    var nodes = FeatureTable(columnCount: 2)
    var edges: [Observation.Edge] = []
    for answer in answers {
      let own = nodes.rowCount
      nodes.append([0, 1])
      nodes.append([answer == 1 ? 1 : -1, 0])
      nodes.append([generator.index(below: 2) == 1 ? 1 : -1, 0])
      edges.append(.init(from: own + 1, to: own, kind: .dataFlow))
      edges.append(.init(from: own + 2, to: own, kind: .residual))
    }
    let units = (0..<unitCount).map { unit in
      Observation.Unit(
        nodes: [3 * unit], choiceFeatures: [[1, 0], [0, 1]], prior: [0, 0],
        isLegal: [true, true])
    }
    return Observation(nodeFeatures: nodes, edges: edges, units: units)
  }

  mutating func step(_ choices: [Int]) -> (reward: Float, next: Observation?) {
    let right = zip(choices, answers).count { $0 == $1 }
    return (Float(right) / Float(unitCount), nil)
  }
}

/// A refinement with a budget: every unit picks one of four items with a value and a cost, and the agent sees
/// the picks so far, for a few steps. The score is the sum of values less a penalty on what exceeds the
/// budget; the reward of a step is what it adds to the score.
struct Knapsack: Environment {
  static let choiceCount = 4
  static let stepCount = 3
  let values: [[Float]]
  let costs: [[Float]]
  let budget: Float
  private var picks: [Int] = []
  private var stepsDone = 0

  /// Dearer items are worth more, with luck of their own, so that some units offer better bargains.
  init(unitCount: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let bargains = (0..<unitCount).map { _ in 0.3 + 1.4 * Float(generator.uniform()) }
    costs = (0..<unitCount).map { _ in
      (0..<Self.choiceCount).map { Float($0) + 0.3 * Float(generator.uniform()) }
    }
    values = zip(costs, bargains).map { costs, bargain in
      costs.map { bargain * $0.squareRoot() + 0.2 * Float(generator.uniform()) }
    }
    budget = 1.2 * Float(unitCount)
  }

  func cost(of picks: [Int]) -> Float { zip(costs, picks).reduce(0) { $0 + $1.0[$1.1] } }

  func score(of picks: [Int]) -> Float {
    let value = zip(values, picks).reduce(0) { $0 + $1.0[$1.1] }
    return value - 2 * max(0, cost(of: picks) - budget)
  }

  mutating func reset(using generator: inout SeededGenerator) -> Observation {
    picks = values.map { _ in 0 }
    stepsDone = 0
    return observation
  }

  mutating func step(_ choices: [Int]) -> (reward: Float, next: Observation?) {
    // The first step is paid its whole score, so that an episode's rewards sum to the last score.
    let before = stepsDone == 0 ? 0 : score(of: picks)
    picks = choices
    stepsDone += 1
    return (score(of: picks) - before, stepsDone < Self.stepCount ? observation : nil)
  }

  private var observation: Observation {
    let left = (budget - cost(of: picks)) / budget
    var nodes = FeatureTable(columnCount: 4)
    for (unit, pick) in picks.enumerated() {
      nodes.append([
        values[unit][pick], costs[unit][pick] / 3, left, Float(stepsDone) / Float(Self.stepCount),
      ])
    }
    let edges = (1..<picks.count).map { Observation.Edge(from: $0 - 1, to: $0, kind: .dataFlow) }
    let units = picks.indices.map { unit in
      Observation.Unit(
        nodes: [unit],
        choiceFeatures: FeatureTable(
          zip(values[unit], costs[unit]).map { value, cost in [value, cost / 3] }),
        prior: [0.5, 0.5, 0, 0], isLegal: Array(repeating: true, count: Self.choiceCount))
    }
    return Observation(nodeFeatures: nodes, edges: edges, units: units)
  }
}
