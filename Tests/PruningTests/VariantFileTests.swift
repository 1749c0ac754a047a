import Engine
import Foundation
import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

@Suite struct VariantFileTests {
  @Test func whatWasKeptIsTheSame() throws {
    let model = try SmallNetwork.model()
    let space = PruningSpace(model.graph)
    let calibration = SmallNetwork.calibration(images: 40, seed: 5)
    let reconstruction = try #require(try Reconstruction(model, calibration: calibration))
    let path = NSTemporaryDirectory() + "variants-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let applier = VariantApplier(space, reconstruction)
    let models = try (0..<6).map { try applier.apply(space.randomStrategy($0)) }
    try VariantFile(reconstruction, applier.cache).write(to: path, key: "one", space.sharing)
    func read(_ key: String, _ sharing: MaskSharing = .standard) -> VariantFile? {
      VariantFile.read(from: path, key: key, sharing, of: model)
    }
    let file = try #require(read("one"))
    #expect(file.cache.table.variants == applier.cache.table.variants)
    #expect(file.cache.table.orders == applier.cache.table.orders)
    #expect(file.cache.table.importance == applier.cache.table.importance)
    let again = VariantApplier(space, file.reconstruction, cache: file.cache)
    for (seed, first) in models.enumerated() {
      let second = try again.apply(space.randomStrategy(seed))
      #expect(first.model.parameters == second.model.parameters && first.masks == second.masks)
    }
    #expect(read("two") == nil)
    #expect(read("one", .block(16)) == nil)
    // Whatever is cut off or written over the length, it is refused.
    let bytes = try Data(contentsOf: URL(filePath: path))
    for count in [0, 7, 8, 100, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(count).write(to: URL(filePath: path))
      #expect(read("one") == nil)
    }
    try (Data(repeating: 255, count: 8) + bytes.dropFirst(8)).write(to: URL(filePath: path))
    #expect(read("one") == nil)
  }
}
