import Engine
import Formats
import Foundation
import ModelGraph
import TestSupport
import Testing

/// Models in the spellings of many exporters, read from a file and computed from arrays in files, beside what ONNX
/// Runtime makes of them: `FormatsTests/Fixtures/make-onnx-reading.py`.
@Suite struct ONNXReadingTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "FormatsTests/Fixtures")

  private struct Case: Decodable {
    var extents: [Int]
    var areIntegers: Bool
    var output: [Float]
    var tolerance: Float
  }

  private static let cases = Result {
    try JSONDecoder().decode(
      [String: Case].self, from: Data(contentsOf: folder.appending(path: "reading.json")))
  }

  private func model(_ name: String) throws -> Model {
    try ModelFile.read(at: Self.folder.appending(path: "onnx-reading/\(name).onnx").path()).model
  }

  private func expectOutputs(of model: Model, _ expected: Case) throws {
    let folder = try TemporaryFolder()
    let count = expected.extents.reduce(1, *)
    let integers = (0..<count).map { $0 * 37 % count }
    let path: String
    if expected.areIntegers {
      path = try folder.write(
        npy(integers.map { UInt8($0 % 100) }, extents: expected.extents), to: "x.npy")
    } else {
      path = folder["x.npy"]
      try NetworkArrays.write(
        integers.map { Float($0) / Float(count) * 4 - 2 }, extents: expected.extents, to: path)
    }
    let outputs = try #require(
      Evaluator(NetworkArrays.read(path, for: model), threads: 1).outputs(of: Program(model)))
    try #require(outputs.count == expected.output.count)
    let scale = max(expected.output.map(abs).max() ?? 0, 1)
    let worst = zip(outputs, expected.output).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= expected.tolerance * scale)
  }

  /// Bytes as numpy saves them.
  private func npy(_ bytes: [UInt8], extents: [Int]) -> [UInt8] {
    let shape = extents.map { "\($0)," }.joined(separator: " ")
    var header = Array("{'descr': '|u1', 'fortran_order': False, 'shape': (\(shape)), }".utf8)
    header += [UInt8](repeating: 0x20, count: 117 - header.count) + [0x0A]
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + header + bytes
  }

  @Test(arguments: try cases.get().keys.sorted())
  func outputsAreThoseOfONNXRuntime(name: String) throws {
    try expectOutputs(of: model(name), #require(try Self.cases.get()[name]))
  }

  @Test(arguments: try cases.get().keys.sorted())
  func modelsAreTheSameOnceTheyAreImportedAndExported(name: String) throws {
    let expected = try #require(try Self.cases.get()[name])
    let folder = try TemporaryFolder()
    try ModelFile.write(model(name), to: folder["model.json"])
    try expectOutputs(of: ModelFile.read(at: folder["model.json"]).model, expected)
    try ModelFile.write(model(name), to: folder["model.onnx"])
    try expectOutputs(of: ModelFile.read(at: folder["model.onnx"]).model, expected)
  }
}
