import Agent
import Tensors
import Testing

@Suite struct LearningTests {
  @Test(arguments: [1, 2] as [UInt64])
  func learnsWhatOnlyANeighborKnows(seed: UInt64) throws {
    var environment = NeighborBandit()
    var settings = PPOSettings()
    settings.entropyAnnealingUpdates = 20
    settings.minibatchSize = 32
    settings.epochCount = 4
    var learner = try Learner(
      network: NetworkSettings(
        nodeFeatureCount: 2, choiceFeatureCount: 2, width: 32, headCount: 4, layerCount: 2),
      ppo: settings, seed: seed)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<30 {
      let rollout = try environment.play(episodes: 64, using: &generator) {
        try learner.act($0, mode: .sample)
      }
      try learner.update(rollout)
    }
    // The optimum is 1, chance 0.5.
    let greedy = try meanReward(of: learner, in: environment, episodes: 100, mode: .greedy)
    let sampled = try meanReward(of: learner, in: environment, episodes: 100, mode: .sample)
    #expect(greedy > 0.95)
    #expect(sampled > 0.9)
  }

  @Test(arguments: [1, 2] as [UInt64])
  func refinesAKnapsackBeyondItsPriorAndChance(seed: UInt64) throws {
    var environment = Knapsack(unitCount: 12, seed: 7)
    var settings = PPOSettings()
    settings.entropyAnnealingUpdates = 30
    var learner = try Learner(
      network: NetworkSettings(
        nodeFeatureCount: 4, choiceFeatureCount: 2, width: 32, headCount: 4, layerCount: 2),
      ppo: settings, seed: seed)
    let prior = try meanReward(of: learner, in: environment, episodes: 100, mode: .sample)
    let chance = meanRewardOfChance(in: environment, episodes: 100)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<40 {
      let rollout = try environment.play(episodes: 16, using: &generator) {
        try learner.act($0, mode: .sample)
      }
      try learner.update(rollout)
    }
    let learned = try meanReward(of: learner, in: environment, episodes: 20, mode: .greedy)
    let optimum = environment.optimum
    #expect(learned - max(prior, chance) > 0.7 * (optimum - max(prior, chance)))
  }
}

extension Knapsack {
  /// The best score within the budget, by dynamic programming over the cost in hundredths, rounded up: a lower
  /// bound of the true optimum, and close to it.
  fileprivate var optimum: Float {
    let capacity = Int(budget * 100)
    var best = Array(repeating: Float.zero, count: capacity + 1)
    for (values, costs) in zip(values, costs) {
      best = (0...capacity).map { room in
        zip(values, costs).reduce(-Float.infinity) { top, item in
          let cost = Int((item.1 * 100).rounded(.up))
          return cost <= room ? max(top, best[room - cost] + item.0) : top
        }
      }
    }
    return best[capacity]
  }
}
