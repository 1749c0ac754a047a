import Engine
import Formats
import Foundation
import Metrics
import ModelGraph
import Testing

/// The shipped sample against figures that PyTorch 1.13 gave for it (see its model card).
@Suite struct SampleTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "SampleModels/resnet20-fashion")

  @Test func logitsEqualPyTorch() throws {
    let file = try ModelFile.read(at: Self.folder.appending(path: "model.json").path())
    let dataset = try Dataset.read(try #require(file.data[.validation]), for: file.model.graph)
    let outputs = try #require(
      Evaluator(dataset).outputs(of: try Program(file.model), range: 0..<64))
    let array = try Data(
      contentsOf: Self.folder.appending(path: "reference-logits-validation-64.npy"))
    // An NPY file of 64 x 10 little-endian float32 ends with its data.
    let reference = array.suffix(64 * 10 * 4).withUnsafeBytes {
      Array($0.bindMemory(to: Float.self))
    }
    let worst = zip(outputs, reference).map { abs($0 - $1) }.max() ?? .infinity
    #expect(reference.count == outputs.count && worst < 1e-3)
  }
}

@Suite struct AccuracyTests {
  /// From SciPy 1.17: `binomtest(k, n).proportion_ci(0.95, "wilson")`.
  @Test(arguments: [
    (0, 10, 0.0, 0.2775328), (8, 10, 0.4901625, 0.9433178), (4678, 5000, 0.9284562, 0.9420750),
  ])
  func wilsonInterval(correct: Int, images: Int, low: Double, high: Double) {
    let interval = Accuracy(correct: correct, images: images).interval
    #expect(abs(interval.lowerBound - low) < 1e-6 && abs(interval.upperBound - high) < 1e-6)
  }
}
