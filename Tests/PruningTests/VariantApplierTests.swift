import Engine
import Foundation
import ModelGraph
import TestSupport
import Testing
import Threads

@testable import Patterns
@testable import Pruning

@Suite struct VariantBankTests {
  let model: Model
  let space: PruningSpace
  let reconstruction: Reconstruction

  init() throws {
    model = try SmallNetwork.model()
    space = PruningSpace(model.graph)
    let calibration = SmallNetwork.calibration(images: 40, seed: 5)
    reconstruction = try #require(try Reconstruction(model, calibration: calibration))
  }

  /// What the bank puts together is the reconstruction of the same masks and channels.
  @Test func strategiesAreThoseReconstructedAtOnce() throws {
    let space = PruningSpace(model.graph, sharing: .layer(masks: 3))
    let bank = try #require(VariantBank(space, reconstruction))
    for seed in 0..<12 {
      let strategy = space.randomStrategy(seed)
      let found = try bank.apply(strategy)
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

  @Test func aBankThatWasKeptIsTheSame() throws {
    let path = NSTemporaryDirectory() + "bank-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bank = try #require(VariantBank(space, reconstruction))
    try bank.write(to: path, key: "one")
    func read(_ key: String, _ sharing: MaskSharing = .standard) -> VariantBank? {
      let space = PruningSpace(model.graph, sharing: sharing)
      return VariantBank.read(from: path, key: key, of: space, model)
    }
    let again = try #require(read("one"))
    for seed in 0..<6 {
      let (first, second) = (
        try bank.apply(space.randomStrategy(seed)), try again.apply(space.randomStrategy(seed))
      )
      #expect(first.model.parameters == second.model.parameters && first.masks == second.masks)
    }
    #expect(read("two") === nil)
    #expect(read("one", .block(16)) === nil)
    // Whatever is cut off, it is refused.
    let bytes = try Data(contentsOf: URL(filePath: path))
    for count in [0, 7, 8, 100, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(count).write(to: URL(filePath: path))
      #expect(read("one") === nil)
    }
  }

  @Test func cancellingLeavesNothing() {
    let cancellation = Cancellation()
    cancellation.request()
    #expect(VariantBank(space, reconstruction, cancellation: cancellation) === nil)
  }
}
