import Formats
import ModelGraph
import TestSupport
import Testing
import Training

@Suite struct RecipeDataTests {
  /// Six images of 2x2, each filled with its number, as IDX files.
  private func recipe(holdout: Int, in folder: TemporaryFolder) throws -> Recipe {
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 2]
    _ = try folder.write(images + (0..<24).map { UInt8($0 / 4) }, to: "images")
    _ = try folder.write([0, 0, 8, 1, 0, 0, 0, 6, 0, 1, 2, 3, 0, 1], to: "labels")
    return Recipe(
      model: "m", train: .idx(images: "images", labels: "labels"), holdout: holdout,
      folder: folder.path)
  }

  private func model() throws -> Model {
    let graph = try Graph(
      input: Shape([1, 2, 2]),
      declarations: [NodeDeclaration(name: "flat", op: .flatten, inputs: ["input"])])
    return try Model(
      name: "flat", graph: graph, input: InputDescription(), classes: [], parameters: [:])
  }

  @Test(arguments: 1...5) func theLastImagesAreHeldOut(holdout: Int) throws {
    let folder = try TemporaryFolder()
    let (train, validation) = try recipe(holdout: holdout, in: folder).readData(for: model())
    #expect(train.labels == Array([0, 1, 2, 3, 0, 1].dropLast(holdout)))
    #expect(validation.labels == Array([0, 1, 2, 3, 0, 1].suffix(holdout)))
    let first = UInt8(6 - holdout)
    #expect(validation.prefix(1).pixels == .bytes([first, first, first, first]))
  }

  @Test(arguments: [6, 7, 1_000_000]) func tooManyHeldOut(holdout: Int) throws {
    let folder = try TemporaryFolder()
    let error = try #require(
      #expect(throws: FormatError.self) {
        try recipe(holdout: holdout, in: folder).readData(for: model())
      })
    #expect("\(error)".contains("holds 6 images, of which the recipe holds out \(holdout)"))
  }
}
