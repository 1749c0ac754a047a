import Agent
import Foundation
import Tensors
import Testing

@Suite struct LearnerTests {
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func anUntrainedPolicyIsItsPrior(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let learner = try Learner(network: .small, seed: seed)
    let observation = Observation.random(using: &generator)
    let policy = try learner.policy(for: observation)
    for (unit, probabilities) in zip(observation.units, policy.probabilities) {
      let powers = zip(unit.prior, unit.isLegal).map { $1 ? exp($0) : 0 }
      let total = powers.reduce(0, +)
      for (probability, power) in zip(probabilities, powers) {
        #expect(abs(probability - power / total) < 1e-5)
      }
    }
    #expect(policy.value == 0)
  }

  @Test(arguments: [ActionMode.sample, .greedy], 1...3 as ClosedRange<UInt64>)
  func illegalEntriesAreNeverChosenAndPinsNeverChange(mode: ActionMode, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var learner = try Learner.trained(seed: seed)
    for _ in 0..<50 {
      let observation = Observation.random(using: &generator)
      let action = try learner.act(observation, mode: mode)
      let policy = try learner.policy(for: observation)
      #expect(action.choices.count == observation.units.count)
      for (index, unit) in observation.units.enumerated() {
        #expect(unit.isLegal[action.choices[index]])
        for choice in unit.isLegal.indices where !unit.isLegal[choice] {
          #expect(policy.probabilities[index][choice] == 0)
        }
        if unit.isLegal.count(where: { $0 }) == 1 {
          #expect(action.logProbabilities[index] == 0)
        }
      }
    }
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func givenChoicesAreTakenAsTheyAre(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var learner = try Learner.trained(seed: seed)
    for _ in 0..<20 {
      let observation = Observation.random(using: &generator)
      let sampled = try learner.act(observation, mode: .sample)
      let given = try learner.act(observation, mode: .given(sampled.choices))
      #expect(given == sampled)
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func theOrderOfNodesAndEdgesDoesNotMatter(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let learner = try Learner.trained(seed: seed)
    let observation = Observation.random(using: &generator)
    let order = generator.permutation(of: observation.nodeFeatures.rowCount)
    let renamed = observation.permuted(by: order, using: &generator)
    let (policy, other) = try (learner.policy(for: observation), learner.policy(for: renamed))
    #expect(abs(policy.value - other.value) < 1e-4)
    for (one, two) in zip(policy.probabilities.joined(), other.probabilities.joined()) {
      #expect(abs(one - two) < 1e-4)
    }
  }

  @Test func theDirectionAndTheKindOfAnEdgeMatter() throws {
    var generator = SeededGenerator(seed: 5)
    let learner = try Learner.trained(seed: 5)
    var observation = Observation.random(using: &generator)
    observation.edges = [.init(from: 0, to: 1, kind: .dataFlow)]
    observation.units = observation.units.map { unit in
      var unit = unit
      unit.nodes = [1]
      return unit
    }
    let policies = try [
      Observation.Edge(from: 0, to: 1, kind: .dataFlow), .init(from: 1, to: 0, kind: .dataFlow),
      .init(from: 0, to: 1, kind: .coupling),
    ].map { edge in
      observation.edges = [edge]
      return try learner.policy(for: observation).probabilities
    }
    #expect(Set(policies).count == 3)
  }

  @Test func theSameSeedMakesTheSameActionsAndUpdates() throws {
    func history() throws -> ([Action], UpdateStatistics) {
      var generator = SeededGenerator(seed: 3)
      var learner = try Learner.trained(seed: 9)
      let rollout = try learner.randomRollout(using: &generator)
      return (rollout.steps.map(\.action), try learner.update(rollout))
    }
    let (one, two) = try (history(), history())
    #expect(one.0 == two.0)
    #expect(one.1 == two.1)
  }

  @Test func samplingFollowsTheProbabilities() throws {
    var generator = SeededGenerator(seed: 8)
    var learner = try Learner.trained(seed: 8)
    let observation = Observation.random(unitCount: 3, choiceCount: 4, using: &generator)
    let expected = try learner.policy(for: observation).probabilities
    var counts = expected.map { $0.map { _ in Float.zero } }
    let draws = 4_000
    for _ in 0..<draws {
      let action = try learner.act(observation, mode: .sample)
      for (unit, choice) in action.choices.enumerated() { counts[unit][choice] += 1 }
    }
    for (count, probability) in zip(counts.joined(), expected.joined()) {
      // Five standard deviations of a binomial share.
      let tolerance = 5 * (probability * (1 - probability) / Float(draws)).squareRoot()
      #expect(abs(count / Float(draws) - probability) <= tolerance)
    }
  }

  @Test func aFirstEpochStartsAtTheActingPolicy() throws {
    var generator = SeededGenerator(seed: 4)
    var learner = try Learner.trained(seed: 4)
    learner.settings.epochCount = 1
    let statistics = try learner.update(learner.randomRollout(using: &generator))
    #expect(abs(statistics.approximateKL) < 1e-5)
    #expect(statistics.clipFraction == 0)
    #expect(statistics.minibatchCount == 1)
  }

  @Test func anUpdateStopsOnceThePolicyHasMovedFarEnough() throws {
    var generator = SeededGenerator(seed: 4)
    var learner = try Learner(network: .small, seed: 4)
    learner.settings.learningRate = 0.1
    learner.settings.epochCount = 50
    learner.settings.targetKL = 0.01
    let statistics = try learner.update(learner.randomRollout(using: &generator))
    #expect(statistics.stoppedEarly)
    #expect(statistics.minibatchCount < 50)
  }

  @Test func rewardsOfAnySizeTeachTheSamePolicy() throws {
    func probabilities(rewardsTimes factor: Float) throws -> [Float] {
      var generator = SeededGenerator(seed: 6)
      var learner = try Learner(network: .small, seed: 6)
      var rollout = try learner.randomRollout(using: &generator)
      rollout.bootstrapValue = 0
      for i in rollout.steps.indices { rollout.steps[i].reward *= factor }
      try learner.update(rollout)
      return try Array(learner.policy(for: rollout.steps[0].observation).probabilities.joined())
    }
    let (small, large) = try (probabilities(rewardsTimes: 1), probabilities(rewardsTimes: 1_024))
    for (one, other) in zip(small, large) { #expect(abs(one - other) < 1e-4) }
  }
}
