import Formats
import ModelGraph
import TestSupport
import Testing

/// Graphs that are a little odd, and files that are none.
@Suite struct ONNXGraphTests {
  private let plain = [
    "conv Conv", "relu Relu", "pool GlobalAveragePool", "flatten Flatten", "fc Gemm",
  ]

  @Test(arguments: ["batch-dynamic", "initializer-is-input", "two-outputs"])
  func theFirstOutputIsFollowed(name: String) throws {
    #expect(try ONNXFixture.nodes(name) == plain)
  }

  @Test func anUnsupportedOperatorStays() throws {
    let file = try ModelFile.readStructure(at: ONNXFixture.path("unsupported.onnx"))
    let graph = file.model.graph
    #expect(graph.nodes.map(\.name) == ["input", "before", "odd", "relu", "after"])
    #expect(
      graph.nodes.map(\.shape.dimensions).suffix(4) == [
        [8, 6, 6], [8, 6, 6], [8, 6, 6], [4, 6, 6],
      ])
    #expect(
      graph.nodes[2].op
        == .unsupported(
          Unsupported(kind: "Mish", shape: Shape([8, 6, 6]), reason: "is not supported")))
    #expect(try ONNXFixture.read("unsupported").parameters.count == 4)
  }

  @Test func anUnsupportedOperatorSurvivesModelJSON() throws {
    let model = try ONNXFixture.read("unsupported")
    let folder = try TemporaryFolder()
    try ModelFile.write(model, to: folder["model.json"])
    #expect(try ModelFile.read(at: folder["model.json"]).model.graph == model.graph)
  }

  @Test func attributesOfTheWrongKindAreNamed() throws {
    let file = try ModelFile.readStructure(at: ONNXFixture.path("wrong-attributes.onnx"))
    let reasons = file.model.graph.nodes.compactMap { node -> String? in
      if case .unsupported(let operation) = node.op {
        "\(node.name): \(operation.reason)"
      } else {
        nil
      }
    }
    #expect(
      reasons == [
        "conv: has an attribute 'strides' of the wrong kind",
        "fc: has an input whose shape is unknown",
      ])
  }

  @Test(arguments: [
    ("two-inputs", "has 2 inputs ('image', 'mask'), not one"),
    ("old-opset", "uses opset 6 of ONNX's operators"),
  ])
  func otherGraphsAreRefused(name: String, message: String) {
    let error = #expect(throws: FormatError.self) { try ONNXFixture.read(name) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [[], Array("model.json?".utf8), [UInt8](repeating: 0xFF, count: 4096)])
  func garbageIsNoModel(bytes: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: "model.onnx")
    let error = #expect(throws: FormatError.self) { try ModelFile.read(at: path) }
    #expect(
      error?.description.contains("model.onnx: is no ") == true, "\(error?.description ?? "")")
  }

  /// Half a file may be a model of half the nodes, but never one with values that were not there.
  @Test func aTruncatedFileIsRefused() throws {
    let whole = try bytes(of: ONNXFixture.path("batch-dynamic.onnx"))
    let folder = try TemporaryFolder()
    for count in [1, 10, whole.count / 2, whole.count - 1] {
      let path = try folder.write(Array(whole[..<count]), to: "half.onnx")
      #expect(throws: FormatError.self) { try ModelFile.read(at: path) }
    }
  }
}
