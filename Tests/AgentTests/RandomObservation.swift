import Agent
import Tensors

extension NetworkSettings {
  /// A small network for the observations that `Observation.random` draws.
  static let small = NetworkSettings(
    nodeFeatureCount: 5, choiceFeatureCount: 3, width: 16, headCount: 4, layerCount: 2)
}

extension Observation {
  /// A random graph with random menus; about a third of the entries are illegal and every fourth unit is
  /// pinned.
  static func random(
    nodeCount: Int = 12, unitCount: Int = 8, settings: NetworkSettings = .small,
    choiceCount: Int? = nil, using generator: inout SeededGenerator
  ) -> Observation {
    func table(_ rows: Int, _ columns: Int) -> FeatureTable {
      FeatureTable((0..<rows).map { _ in (0..<columns).map { _ in Float(generator.normal()) } })
    }
    let edges = (0..<(2 * nodeCount)).map { _ in
      Edge(
        from: generator.index(below: nodeCount), to: generator.index(below: nodeCount),
        kind: Edge.Kind.allCases[generator.index(below: 3)])
    }
    let units = (0..<unitCount).map { unit in
      let choices = choiceCount ?? 1 + generator.index(below: 6)
      var isLegal = (0..<choices).map { _ in generator.index(below: 3) > 0 }
      let certain = generator.index(below: choices)
      if unit % 4 == 3 { isLegal = isLegal.map { _ in false } }
      isLegal[certain] = true
      return Unit(
        nodes: (0..<(1 + generator.index(below: 3))).map { _ in
          generator.index(below: nodeCount)
        },
        choiceFeatures: table(choices, settings.choiceFeatureCount),
        prior: (0..<choices).map { _ in Float(generator.normal()) }, isLegal: isLegal)
    }
    return Observation(
      nodeFeatures: table(nodeCount, settings.nodeFeatureCount), edges: edges, units: units)
  }

  /// The same graph with its nodes renamed: node `i` becomes node `order[i]`; edges and members of units come
  /// in another order too.
  func permuted(by order: [Int], using generator: inout SeededGenerator) -> Observation {
    var rows = Array(repeating: [Float](), count: order.count)
    for (old, new) in order.enumerated() { rows[new] = Array(nodeFeatures[old]) }
    let moved = edges.map { Edge(from: order[$0.source], to: order[$0.target], kind: $0.kind) }
    return Observation(
      nodeFeatures: FeatureTable(rows),
      edges: generator.permutation(of: moved.count).map { moved[$0] },
      units: units.map { unit in
        var unit = unit
        unit.nodes = unit.nodes.reversed().map { order[$0] }
        return unit
      })
  }
}

extension Learner {
  /// A learner whose weights have left the prior: some updates on random rewards.
  static func trained(
    _ settings: NetworkSettings = .small, seed: UInt64, updates: Int = 3
  ) throws -> Learner {
    var generator = SeededGenerator(seed: seed)
    var ppo = PPOSettings()
    ppo.learningRate = 1e-2
    ppo.targetKL = nil
    var learner = try Learner(network: settings, ppo: ppo, seed: seed)
    for _ in 0..<updates {
      try learner.update(learner.randomRollout(using: &generator))
    }
    return learner
  }

  /// Eight steps with random observations and rewards.
  mutating func randomRollout(using generator: inout SeededGenerator) throws -> Rollout {
    var rollout = Rollout(bootstrapValue: 0.5)
    for step in 0..<8 {
      let observation = Observation.random(settings: networkSettings, using: &generator)
      rollout.steps.append(
        Step(
          observation: observation, action: try act(observation, mode: .sample),
          reward: Float(generator.normal()), isTerminal: step == 3))
    }
    return rollout
  }
}
