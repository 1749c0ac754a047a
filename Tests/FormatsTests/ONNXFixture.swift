import Formats
import Foundation
import ModelGraph

/// The models that `Fixtures/make-onnx.py` makes.
enum ONNXFixture {
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/onnx/\(name)")
      .path()
  }

  /// A model with its weights.
  static func read(_ name: String) throws -> Model {
    try ModelFile.read(at: path("\(name).onnx")).model
  }

  /// The nodes of a model but for its input, as name and operator.
  static func nodes(_ name: String) throws -> [String] {
    try read(name).graph.nodes.dropFirst().map { "\($0.name) \($0.op.name)" }
  }
}
