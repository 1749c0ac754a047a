import Foundation
import ModelGraph
import TestSupport
import Testing

@testable import Formats

/// What is kept of a model in an ONNX file, and what happens to files. `EngineTests` compare outputs.
@Suite struct ONNXExportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func linear(
    _ op: Operator = .linear(Linear(outputFeatures: 2, weight: "fc.weight")), weights: Bool = true
  ) throws -> Model {
    let graph = try Graph(
      input: Shape([3]), declarations: [NodeDeclaration(name: "fc", op: op, inputs: ["input"])])
    let weight = Parameter(shape: [2, 3], values: [1, -2, 3, 0.5, 0, 1e-20])
    return try Model(
      name: "small", graph: graph,
      input: InputDescription(scale: 0.5, mean: [1], deviation: [0.1]),
      classes: ["a, \"b\"", "c\u{1b}"], parameters: weights ? ["fc.weight": weight] : [:])
  }

  @Test func namesAndWeightsAreKept() throws {
    let model = try ModelFile.read(at: SampleFolder.model).model
    try ModelFile.write(model, to: folder["copy.onnx"])
    let copy = try ModelFile.read(at: folder["copy.onnx"]).model
    #expect(copy.graph == model.graph)
    #expect(copy.parameters == model.parameters)
    #expect(copy.input == model.input)
    #expect(copy.classes == model.classes)
    #expect(copy.name == "copy")
  }

  @Test func linearLayersOverTokensKeepTheirNames() throws {
    let model = try ModelFile.read(
      at: SampleFolder.path + "/../vit-fashion/model.json"
    ).model
    try ModelFile.write(model, to: folder["vit.onnx"])
    let copy = try ModelFile.read(at: folder["vit.onnx"]).model
    #expect(copy.parameters == model.parameters)
    #expect(copy.graph.macs == model.graph.macs)
    #expect(copy.graph.parameterCount == model.graph.parameterCount)
    #expect(copy.graph.nodes.map(\.op) == model.graph.nodes.map(\.op))
  }

  @Test func inputAndClassesAreKept() throws {
    let model = try linear()
    try ModelFile.write(model, to: folder["m.ONNX"])
    let copy = try ModelFile.read(at: folder["m.ONNX"]).model
    #expect(copy.input == model.input && copy.classes == model.classes)
    #expect(copy.parameters == model.parameters)
  }

  @Test func filesAreReplacedOnlyIfTheyMay() throws {
    let path = folder["m.onnx"]
    try ModelFile.write(try linear(), to: path)
    #expect(throws: FormatError.self) { try ModelFile.write(try linear(), to: path) }
    try ModelFile.write(try linear(), to: path, replacing: true)
    #expect(try folder.contents() == ["m.onnx"])
  }

  @Test func largeModelsHaveTheirWeightsBeside() throws {
    let model = try ModelFile.read(at: SampleFolder.model).model
    let path = folder["large.onnx"]
    try ModelFile.writeONNX(model, to: path, replacing: false, largestSize: 1_000_000)
    #expect(try folder.contents() == ["large.onnx", "large.onnx.data"])
    #expect(try ModelFile.read(at: path).model.parameters == model.parameters)
    // Neither goes if the other would have to.
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: FormatError.self) {
      try ModelFile.writeONNX(model, to: path, replacing: false, largestSize: 1_000_000)
    }
    #expect(try folder.contents() == ["large.onnx.data"])
    try ModelFile.writeONNX(model, to: path, replacing: true, largestSize: 1_000_000)
    #expect(try ModelFile.read(at: path).model.parameters == model.parameters)
  }

  @Test func whatCannotBeWrittenIsNamed() throws {
    let odd = Unsupported(kind: "Mish", shape: Shape([2]), reason: "is not supported")
    for (model, hint) in [
      (try linear(.unsupported(odd), weights: false), "node 'fc' (Mish)"),
      (try linear(weights: false), "'fc.weight' is missing"),
    ] {
      #expect {
        try ModelFile.write(model, to: folder["none.onnx"])
      } throws: { error in
        "\(error)".contains(hint) && "\(error)".contains(folder["none.onnx"])
      }
    }
    #expect(try folder.contents().isEmpty)
  }

  @Test(arguments: [
    ("\"scale\": 0.5", "\"scale\": nan", "line 1"), ("\"scale\"", "\"scalf\"", "scalf"),
    ("\"std\": [0.1]", "\"std\": [0.0]", "std"), ("\"std\": [0.1]", "\"std\": \"0.1\"", "std"),
    ("\"c\\u001b\"", "1", "classes"), ("[\"a,", "{\"a,", "line 1"),
    ("mean\": [1.0]", "mean\": [1,1]", "mean and std"),
  ])
  func damagedMetadataAreRefused(old: String, new: String, hint: String) throws {
    let path = folder["m.onnx"]
    try ModelFile.write(try linear(), to: path)
    var data = try Data(contentsOf: URL(filePath: path))
    let range = try #require(data.range(of: Data(old.utf8)))
    data.replaceSubrange(
      range, with: Data(new.padding(toLength: old.count, withPad: " ", startingAt: 0).utf8))
    try data.write(to: URL(filePath: path))
    #expect {
      try ModelFile.read(at: path)
    } throws: { error in
      "\(error)".contains(hint)
    }
  }
}
