import Foundation
import ModelGraph
import TestSupport
import Testing

@testable import Formats

/// What is kept of a model in a module of PyTorch, and how that reads. `.ci/onnx-export` compares outputs.
@Suite struct PyTorchExportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func model(
    _ input: Shape, _ nodes: [NodeDeclaration], _ parameters: [String: Parameter]
  ) throws -> Model {
    try Model(
      name: "two-tails \"\"\"", graph: Graph(input: input, declarations: nodes),
      input: InputDescription(), classes: [], parameters: parameters)
  }

  private func ones(_ shape: Int...) -> Parameter {
    Parameter(shape: shape, values: [Float](repeating: 1, count: shape.reduce(1, *)))
  }

  /// A block with a shortcut; its second kernel has an empty first row, its pads differ then.
  private func block() throws -> Model {
    func conv(_ name: String) -> NodeDeclaration {
      NodeDeclaration(
        name: name,
        op: .convolution(
          Convolution(
            outputChannels: 2, kernel: Extent(3, 3),
            pads: Pads(top: 1, left: 1, bottom: 1, right: 1),
            weight: "\(name).weight")),
        inputs: [name == "layer.0.conv1" ? "input" : "relu"])
    }
    var cut = ones(2, 2, 3, 3)
    for filter in 0..<4 { for tap in 0..<3 { cut.values[filter * 9 + tap] = 0 } }
    return try model(
      Shape(channels: 2, height: 4, width: 4),
      [
        conv("layer.0.conv1"),
        NodeDeclaration(name: "relu", op: .relu, inputs: ["layer.0.conv1"]),
        conv("layer.1.conv2"),
        NodeDeclaration(name: "sum", op: .add, inputs: ["layer.1.conv2", "input"]),
      ], ["layer.0.conv1.weight": ones(2, 2, 3, 3), "layer.1.conv2.weight": cut])
  }

  @Test func aBlockReadsAsItIsWrittenByHand() throws {
    let exporter = try PyTorchExporter(block(), file: "block.py")
    #expect(
      exporter.layers == [
        "self.layer = nn.ModuleList(nn.Module() for _ in range(2))",
        "self.layer[0].conv1 = nn.Conv2d(2, 2, 3, padding=1, bias=False)",
        "self.layer[1].conv2 = nn.Conv2d(2, 2, (2, 3), bias=False)",
      ])
    #expect(
      exporter.lines == [
        "y = self.layer[0].conv1(x)", "y = F.relu(y)  # relu",
        "y = self.layer[1].conv2(F.pad(y, (1, 1, 0, 1)))", "x = y + x  # sum", "return x",
      ])
    #expect(exporter.parameters["layer.1.conv2.weight"]?.shape == [2, 2, 2, 3])
    #expect(exporter.renamed.isEmpty)
    #expect(exporter.source.contains("class TwoTails(nn.Module):"))
    #expect(!exporter.source.contains("keep_zeros"))
  }

  @Test func weightsKeepTheirNames() throws {
    let path = SampleFolder.path + "/../vit-fashion/model.json"
    let model = try ModelFile.read(at: path).model
    try ModelFile.write(model, to: folder["vit.py"])
    #expect(try folder.contents() == ["vit.py", "vit.safetensors"])
    #expect(try SafeTensors.read(at: folder["vit.safetensors"]) == model.parameters)
  }

  /// Names that Python, or a module, has for something else; the file still has the model's.
  @Test func namesThatCannotBeAreTranslated() throws {
    func linear(_ name: String, _ weight: String, _ input: String) -> NodeDeclaration {
      NodeDeclaration(
        name: name, op: .linear(Linear(outputFeatures: 2, weight: weight)), inputs: [input])
    }
    let exporter = try PyTorchExporter(
      model(
        Shape([2]),
        [
          linear("a", "class.train.weight", "input"), linear("b", "onnx::MatMul_7", "a"),
          linear("c", "x.3.weight", "b"), linear("d\nimport os", "d", "c"),
        ],
        [
          "class.train.weight": ones(2, 2), "onnx::MatMul_7": ones(2, 2), "x.3.weight": ones(2, 2),
          "d": ones(2, 2),
        ]), file: "names.py")
    #expect(
      exporter.layers == [
        "self.class_ = nn.Module()", "self.class_.train_ = nn.Linear(2, 2, bias=False)",
        "self.b = nn.Linear(2, 2, bias=False)", "self.x = nn.ModuleDict()",
        "self.x[\"3\"] = nn.Linear(2, 2, bias=False)",
        "self.d_import_os = nn.Linear(2, 2, bias=False)",
      ])
    #expect(
      exporter.renamed.map { "\($0.file) = \($0.state)" } == [
        "class.train.weight = class_.train_.weight", "d = d_import_os.weight",
        "onnx::MatMul_7 = b.weight",
      ])
    #expect(!exporter.source.contains("\nimport os"))
  }

  /// A layer that runs twice is one module; what shares a weight otherwise reads it by itself.
  @Test func sharedWeightsAreOnce() throws {
    func conv(_ name: String, _ weight: String, stride: Int, _ input: String) -> NodeDeclaration {
      NodeDeclaration(
        name: name,
        op: .convolution(
          Convolution(
            outputChannels: 1, kernel: .one, strides: Extent(stride, stride), weight: weight)),
        inputs: [input])
    }
    let exporter = try PyTorchExporter(
      model(
        Shape(channels: 1, height: 8, width: 8),
        [
          conv("a", "one.weight", stride: 1, "input"), conv("b", "one.weight", stride: 1, "a"),
          conv("c", "two.weight", stride: 1, "b"), conv("d", "two.weight", stride: 2, "c"),
        ], ["one.weight": ones(1, 1, 1, 1), "two.weight": ones(1, 1, 1, 1)]), file: "shared.py")
    #expect(
      exporter.lines == [
        "x = self.one(x)  # a", "x = self.one(x)  # b", "x = F.conv2d(x, self.two.weight)  # c",
        "x = F.conv2d(x, self.two.weight, stride=2)  # d", "return x",
      ])
    #expect(exporter.renamed.isEmpty)
  }

  @Test func filesAreReplacedOnlyIfTheyMay() throws {
    let path = folder["block.py"]
    try ModelFile.write(block(), to: path)
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: FormatError.self) { try ModelFile.write(block(), to: path) }
    #expect(try folder.contents() == ["block.safetensors"])
    try ModelFile.write(block(), to: path, replacing: true)
    let source = try String(contentsOfFile: path, encoding: .utf8)
    #expect(!source.contains(folder.path))
    #expect(source.contains("import torch\n") && !source.contains("import safetensors"))
  }

  @Test func whatCannotBeWrittenIsNamed() throws {
    let odd = Unsupported(kind: "Mish", shape: Shape([2]), reason: "is not supported")
    let node = NodeDeclaration(name: "odd", op: .unsupported(odd), inputs: ["input"])
    let untrained = NodeDeclaration(
      name: "fc", op: .linear(Linear(outputFeatures: 2, weight: "fc.weight")), inputs: ["input"])
    for (node, hint) in [(node, "node 'odd' (Mish)"), (untrained, "'fc.weight' is missing")] {
      #expect {
        try ModelFile.write(model(Shape([2]), [node], [:]), to: folder["none.py"])
      } throws: { error in
        "\(error)".contains(hint)
      }
    }
    #expect(try folder.contents().isEmpty)
  }
}
