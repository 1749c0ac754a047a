import Engine
import ModelGraph
import Patterns
import Pruning
import TestSupport
import Testing

@Suite struct StatisticsMatchingTests {
  let (model, space, calibration): (Model, PruningSpace, Calibration)

  init() throws {
    (model, space, calibration) = try SmallNetwork.calibrated(images: 16)
  }

  @Test func theDenseModelStaysAsItIs() throws {
    let matching = try StatisticsMatching(model, calibration: calibration)
    let dense = try space.apply(Strategy(denseFor: space), to: model)
    let matched = try matching.matched(dense)
    #expect(try matching.outputError(of: dense) < 1e-9)
    let before = try calibration.pass(model).outputs
    let after = try calibration.pass(matched.model).outputs
    let scale = before.map(abs).max() ?? 1
    #expect(zip(before, after).allSatisfy { abs($0 - $1) < 1e-4 * scale })
  }

  /// The corrections are folded into the model: run again, it has the dense statistics by itself.
  @Test(arguments: 0..<12)
  func aMatchedModelHasTheDenseStatistics(seed: Int) throws {
    let dense = try calibration.pass(model)
    let pruned = try space.apply(space.randomStrategy(seed), to: model)
    let matched = try StatisticsMatching(model, calibration: calibration).matched(pruned).model
    let targets = dense.moments.map { node, moments in
      (node, moments.keeping(pruned.keptIndices[node]))
    }
    let correcting = try calibration.pass(
      pruned.model, matching: Dictionary(uniqueKeysWithValues: targets))
    for (node, moments) in try calibration.pass(matched).moments {
      let target = try #require(targets.first { $0.0 == node }).1
      let scales = try #require(correcting.corrections[node]).scale
      for channel in moments.mean.indices {
        let wanted = target.deviation[channel]
        #expect(
          abs(moments.mean[channel] - target.mean[channel])
            < 1e-3 * max(1, wanted, abs(target.mean[channel])))
        // What hardly varies any more is not blown up without limit, what is constant not at all.
        let isLimited =
          scales[channel] == 8 || correcting.moments[node]?.deviation[channel] ?? 0 < 1e-6
        #expect(isLimited || abs(moments.deviation[channel] - wanted) < 0.01 * wanted)
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
