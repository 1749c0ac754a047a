import Engine
import Formats
import ModelGraph
import Patterns
import Testing

@Suite struct StatisticsMatchingTests {
  let model: Model
  let space: PruningSpace
  let calibration: Calibration

  init() throws {
    model = try SmallNetwork.model()
    space = PruningSpace(model.graph)
    var generator = SmallNetwork.Generator(state: 9)
    let images = (0..<16 * 72).map { _ in UInt8.random(in: 0...255, using: &generator) }
    calibration = Calibration(
      Dataset(
        images: images, labels: [Int32](repeating: 0, count: 16), shape: model.graph.inputShape))
  }

  private func strategy(_ seed: Int) -> Strategy {
    var generator = SmallNetwork.Generator(state: UInt64(seed))
    var strategy = Strategy(denseFor: space)
    for (index, unit) in space.units.enumerated() {
      strategy.choices[index] = unit.menu.randomElement(using: &generator) ?? .dense
    }
    return strategy
  }

  @Test func theDenseModelStaysAsItIs() throws {
    let matching = try StatisticsMatching(model, calibration: calibration)
    let dense = try space.apply(Strategy(denseFor: space), to: model)
    let matched = try matching.matched(dense)
    #expect(matched.outputError < 1e-9)
    let before = try calibration.pass(model).outputs
    let after = try calibration.pass(matched.model).outputs
    let scale = before.map(abs).max() ?? 1
    #expect(zip(before, after).allSatisfy { abs($0 - $1) < 1e-4 * scale })
  }

  /// The corrections are folded into the model: run again, it has the dense statistics by itself.
  @Test(arguments: 0..<12)
  func aMatchedModelHasTheDenseStatistics(seed: Int) throws {
    let dense = try calibration.pass(model)
    let pruned = try space.apply(strategy(seed), to: model)
    let matched = try StatisticsMatching(model, calibration: calibration).matched(pruned).model
    let plain = try calibration.pass(pruned.model)
    let seen = try calibration.pass(matched)
    for (node, moments) in seen.moments {
      let kept = pruned.keptChannels[space.groups.groupOfNode[node]]
      let target = try #require(dense.moments[node]).keeping(kept)
      let before = try #require(plain.moments[node])
      for channel in moments.mean.indices where before.deviation[channel] > 1e-3 {
        let ratio = moments.deviation[channel] / max(target.deviation[channel], 1e-12)
        // A channel that masking left nearly dead is not blown up without limit.
        #expect(ratio < 1.01 && (ratio > 0.99 || moments.deviation[channel] > 0))
        #expect(
          abs(moments.mean[channel] - target.mean[channel])
            < 1e-3 * max(1, target.deviation[channel], abs(target.mean[channel])))
      }
    }
  }

  @Test func momentsAreThoseOfTheReference() throws {
    let pass = try calibration.pass(model)
    // Of the logits, which are the outputs themselves: mean and population deviation.
    let node = try #require(model.graph.index(of: "fc"))
    let moments = try #require(pass.moments[node])
    for channel in 0..<5 {
      let values = (0..<16).map { Double(pass.outputs[$0 * 5 + channel]) }
      let mean = values.reduce(0, +) / 16
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 16
      #expect(abs(moments.mean[channel] - mean) < 1e-4 * max(1, abs(mean)))
      #expect(abs(moments.deviation[channel] - variance.squareRoot()) < 1e-3 * max(1, variance))
    }
  }
}
