import Engine
import ModelGraph
import TestSupport
import Testing
import Threads

@testable import Patterns
@testable import Pruning

@Suite struct SequentialReconstructionTests {
  let (model, space, calibration): (Model, PruningSpace, Calibration)

  init() throws {
    // Not a multiple of the images that go together.
    (model, space, calibration) = try SmallNetwork.calibrated(images: 61)
  }

  @Test(arguments: 0..<10)
  func outputsAreNeverFurtherFromTheDenseOnes(seed: Int) throws {
    let sequential = try SequentialReconstruction(model, calibration: calibration)
    let pruned = try space.apply(space.randomStrategy(seed), to: model)
    let resolved = try #require(try sequential.resolved(pruned))
    let before = try #require(try sequential.distance(pruned.model))
    let after = try #require(try sequential.distance(resolved.model))
    #expect(after <= before)
    // What is masked stays masked.
    for (name, kept) in pruned.keptWeights {
      let values = try #require(resolved.model.parameters[name]).values
      #expect(zip(values, kept).allSatisfy { $0.1 || $0.0 == 0 })
    }
  }

  /// To the bit: what there is no room for between layers is computed again.
  @Test(arguments: 0..<3) func memoryDoesNotMatter(seed: Int) throws {
    let pruned = try space.apply(space.randomStrategy(seed), to: model)
    let found = try [1 << 20, 1 << 30].map { bytes in
      let part = Calibration(
        calibration.dataset, images: 61, memory: MemoryBudget(bytes: bytes))
      let sequential = try SequentialReconstruction(model, calibration: part, threads: 2)
      #expect(sequential.images == 61)
      return try #require(try sequential.resolved(pruned)).model.parameters
    }
    #expect(found[0] == found[1])
  }

  @Test func theDenseModelYieldsTheSame() throws {
    let sequential = try SequentialReconstruction(model, calibration: calibration)
    let dense = try space.apply(Strategy(denseFor: space), to: model)
    let outputs = try calibration.pass(model).outputs
    let scale = outputs.map(abs).max() ?? 1
    let resolved = try #require(try sequential.resolved(dense))
    let after = try calibration.pass(resolved.model).outputs
    #expect(zip(outputs, after).allSatisfy { abs($0 - $1) < 1e-3 * scale })
  }

  /// The last layer's part, by definition: among all weights on its support none brings the pruned
  /// network's outputs nearer to the dense ones, so its residuals are orthogonal to its inputs' kept features;
  /// with an intercept they have no mean.
  @Test func theOutputsHaveTheDenseMean() throws {
    let sequential = try SequentialReconstruction(model, calibration: calibration)
    var strategy = Strategy(denseFor: space)
    for name in ["stem.taps", "inner.taps", "loop.taps"] {
      let unit = try #require(space.unit(named: name))
      strategy.choices[unit] = .taps(try #require(Density("4/9")))
    }
    let pruned = try space.apply(strategy, to: model)
    let resolved = try #require(try sequential.resolved(pruned))
    #expect(resolved.model.parameters != pruned.model.parameters)
    let dense = try calibration.pass(model).outputs
    let outputs = try calibration.pass(resolved.model).outputs
    let scale = Double(dense.map(abs).max() ?? 1)
    for channel in 0..<5 {
      let mean = stride(from: channel, to: dense.count, by: 5).reduce(0.0) {
        $0 + Double(outputs[$1] - dense[$1])
      }
      #expect(abs(mean / 61) < 1e-4 * scale)
    }
  }

  @Test func cancellingLeavesNothing() throws {
    let sequential = try SequentialReconstruction(model, calibration: calibration)
    let pruned = try space.apply(space.randomStrategy(1), to: model)
    let cancellation = Cancellation()
    cancellation.request()
    #expect(try sequential.resolved(pruned, cancellation: cancellation) == nil)
  }
}

extension PrunedModel? {
  fileprivate static func == (value: PrunedModel?, _: _OptionalNilComparisonType) -> Bool {
    if case .none = value { true } else { false }
  }
}
