import Agent
import Foundation
import Tensors
import Testing

@Suite struct CheckpointTests {
  @Test func aRestoredLearnerGoesOnIdentically() throws {
    var original = try Learner.trained(seed: 11)
    var restored = try Learner(checkpoint: original.checkpoint())
    var (one, two) = (SeededGenerator(seed: 12), SeededGenerator(seed: 12))
    for _ in 0..<3 {
      let (rollout, other) = try (
        original.randomRollout(using: &one), restored.randomRollout(using: &two)
      )
      #expect(rollout == other)
      #expect(try original.update(rollout) == restored.update(other))
    }
    #expect(try original.checkpoint() == restored.checkpoint())
    #expect(restored.updateCount == 6 && restored.stepCount == 48)
  }

  @Test func aLearnerSurvivesJSONToo() throws {
    let original = try Learner.trained(seed: 13)
    let data = try JSONEncoder().encode(original)
    let restored = try JSONDecoder().decode(Learner.self, from: data)
    #expect(try original.checkpoint() == restored.checkpoint())
  }

  /// Whatever is cut from or changed in a checkpoint, reading it ends with an error or a learner, never a trap.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func aDamagedCheckpointDoesNotTrap(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var data = try Learner.trained(seed: 1, updates: 1).checkpoint()
    if seed % 4 == 0 {
      data = data.prefix(generator.index(below: data.count))
    } else {
      for _ in 0..<(1 << (seed % 8)) {
        data[generator.index(below: data.count)] = UInt8(generator.index(below: 256))
      }
    }
    let observation = Observation.random(using: &generator)
    if var learner = try? Learner(checkpoint: Data(data)) {
      _ = try? learner.act(observation, mode: .sample)
    }
  }

  @Test func aCheckpointOfOtherWeightsIsRefused() throws {
    var settings = NetworkSettings.small
    settings.width = 8
    let encoder = JSONEncoder()
    var small = try #require(
      JSONSerialization.jsonObject(with: encoder.encode(Learner(network: settings, seed: 1)))
        as? [String: Any])
    let large = try #require(
      JSONSerialization.jsonObject(with: encoder.encode(Learner(network: .small, seed: 1)))
        as? [String: Any])
    small["parameters"] = large["parameters"]
    let mixed = try JSONSerialization.data(withJSONObject: small)
    #expect(throws: AgentError.self) { try JSONDecoder().decode(Learner.self, from: mixed) }
  }
}
