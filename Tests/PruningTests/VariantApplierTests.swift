import Engine
import Foundation
import ModelGraph
import TestSupport
import Testing
import Threads

@testable import Patterns
@testable import Pruning

@Suite struct VariantApplierTests {
  let (model, space, calibration): (Model, PruningSpace, Calibration)
  let reconstruction: Reconstruction

  init() throws {
    (model, space, calibration) = try SmallNetwork.calibrated(images: 40)
    reconstruction = try #require(try Reconstruction(model, calibration: calibration))
  }

  /// What is put together of variants is the reconstruction of the same masks and channels.
  @Test func strategiesAreThoseReconstructedAtOnce() throws {
    let space = PruningSpace(model.graph, sharing: .layer(masks: 3))
    let applier = VariantApplier(space, reconstruction)
    for seed in 0..<12 {
      let strategy = space.randomStrategy(seed)
      let found = try applier.apply(strategy)
      #expect(found.cost == space.cost(of: strategy))
      let wanted = try space.apply(strategy, with: reconstruction)
      #expect(wanted.keptWeights == found.keptWeights && wanted.masks == found.masks)
      #expect(wanted.keptIndices == found.keptIndices)
      #expect(wanted.model.parameters.keys == found.model.parameters.keys)
      for (name, parameter) in wanted.model.parameters {
        let own = try #require(found.model.parameters[name]).values
        let scale = parameter.values.reduce(1) { max($0, abs($1)) }
        #expect(
          zip(own, parameter.values).allSatisfy { abs($0 - $1) < 1e-4 * scale }, "\(name), \(seed)")
      }
    }
  }
}
