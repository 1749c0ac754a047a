import Agent
import Tensors
import Testing

@Suite struct ValidationTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let damage: @Sendable (inout Observation) -> Void
    let expected: AgentError

    init(
      _ name: String, _ expected: AgentError,
      _ damage: @escaping @Sendable (inout Observation) -> Void
    ) {
      testDescription = name
      self.damage = damage
      self.expected = expected
    }
  }

  static let faults: [Fault] = [
    Fault("no units", .empty("units")) { $0.units = [] },
    Fault("no nodes", .empty("nodes")) { $0.nodeFeatures = FeatureTable(columnCount: 5) },
    Fault("other features", .featureCount(of: "nodes", found: 1, expected: 5)) {
      $0.nodeFeatures = [[1]]
    },
    Fault("NaN", .notFinite("node features")) {
      $0.nodeFeatures.append([0, 0, .nan, 0, 0])
    },
    Fault("dangling edge", .unknownNode(12, in: "edge 0")) { $0.edges[0].target = 12 },
    Fault("negative node", .unknownNode(-1, in: "unit 2")) { $0.units[2].nodes = [-1] },
    Fault("unit without nodes", .empty("nodes in unit 1")) { $0.units[1].nodes = [] },
    Fault("short prior", .menuSize(unit: 0, choices: 4, priors: 1, legalities: 4)) {
      $0.units[0].prior = [0]
    },
    Fault("nothing legal", .nothingLegal(unit: 0)) {
      $0.units[0].isLegal = [false, false, false, false]
    },
    Fault("infinite prior", .notFinite("priors of unit 0")) {
      $0.units[0].isLegal = [true, true, true, true]
      $0.units[0].prior[0] = -.infinity
    },
  ]

  @Test(arguments: faults)
  func aFaultyObservationIsRefusedWithItsReason(_ fault: Fault) throws {
    var generator = SeededGenerator(seed: 1)
    var observation = Observation.random(choiceCount: 4, using: &generator)
    var learner = try Learner(network: .small, seed: 1)
    let action = try learner.act(observation, mode: .greedy)
    fault.damage(&observation)
    #expect(throws: fault.expected) { try learner.act(observation, mode: .sample) }
    let step = Step(observation: observation, action: action, reward: 0, isTerminal: true)
    #expect(throws: fault.expected) { try learner.update(Rollout(steps: [step])) }
  }

  @Test func anActionMustBeLegal() throws {
    var generator = SeededGenerator(seed: 1)
    let observation = Observation.random(choiceCount: 4, using: &generator)
    var learner = try Learner(network: .small, seed: 1)
    var action = try learner.act(observation, mode: .greedy)
    action.choices[2] = 4
    let step = Step(observation: observation, action: action, reward: 0, isTerminal: true)
    #expect(throws: AgentError.illegalAction(unit: 2)) {
      try learner.update(Rollout(steps: [step]))
    }
  }

  @Test func aRewardMustBeFinite() throws {
    var generator = SeededGenerator(seed: 1)
    var learner = try Learner(network: .small, seed: 1)
    var rollout = try learner.randomRollout(using: &generator)
    rollout.steps[7].reward = .infinity
    let before = try learner.checkpoint()
    #expect(throws: AgentError.self) { try learner.update(rollout) }
    #expect(throws: AgentError.self) { try learner.update(Rollout()) }
    #expect(try learner.checkpoint() == before)
  }

  @Test func settingsMustBePossible() {
    #expect(throws: AgentError.self) {
      try Learner(
        network: NetworkSettings(nodeFeatureCount: 3, choiceFeatureCount: 3, width: 10), seed: 1)
    }
    var settings = PPOSettings()
    settings.minibatchSize = 0
    #expect(throws: AgentError.self) { try Learner(network: .small, ppo: settings, seed: 1) }
  }
}
