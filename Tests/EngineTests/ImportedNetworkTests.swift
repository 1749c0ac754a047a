import Engine
import Formats
import Foundation
import ModelGraph
import Testing

/// Imported ONNX models against what onnx's own definition of its operators makes of an image, so that what is
/// recognised in them is computed, too. `FormatsTests/Fixtures/make-onnx.py` makes both.
@Suite struct ImportedNetworkTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "FormatsTests/Fixtures/onnx")

  /// Outputs by the model's name.
  private static let outputs = Result {
    try JSONDecoder().decode(
      [String: [Float]].self, from: Data(contentsOf: folder.appending(path: "outputs.json")))
  }

  @Test(arguments: try outputs.get().keys.sorted())
  func outputsAreThoseOfTheDefinition(name: String) throws {
    let expected = try #require(try Self.outputs.get()[name])
    let file = try ModelFile.read(at: Self.folder.appending(path: "\(name).onnx").path())
    let shape = file.model.graph.inputShape
    let count = shape.count
    let image = (0..<count).map { Float($0 * 37 % count) / Float(count) * 4 - 2 }
    let dataset = Dataset(pixels: .values(image), labels: [0], shape: shape)
    let outputs = try #require(
      Evaluator(dataset, threads: 1).outputs(of: Program(file.model)))
    // A fixed batch repeats the image.
    #expect(expected.count.isMultiple(of: outputs.count))
    let scale = expected.map(abs).max() ?? 0
    for (output, value) in zip(outputs, expected) {
      #expect(abs(output - value) <= 2e-6 * max(scale, 1))
    }
  }
}
