import Engine
import Formats
import Foundation
import ModelGraph
import TestSupport
import Testing

/// Networks that are written as ONNX and read again compute the same. `.ci/onnx-export` has ONNX Runtime
/// compute what is written here.
@Suite struct ExportedNetworkTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes a model and reads it.
  private func exported(_ model: Model) throws -> Model {
    try ModelFile.write(model, to: folder["model.onnx"])
    return try ModelFile.read(at: folder["model.onnx"]).model
  }

  /// Writes and reads a model, and compares its outputs for random values.
  private func expectSameOutputs(
    _ model: Model, images count: Int = 2, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var random = RandomModel(seed: 5)
    let shape = model.graph.inputShape
    let inputs = Dataset(
      pixels: .values(random.values(shape.count * count).map { $0 * 3 }),
      labels: [Int32](repeating: 0, count: count), shape: shape)
    try expectSameOutputs(model, inputs, sourceLocation: sourceLocation)
  }

  private func expectSameOutputs(
    _ model: Model, _ inputs: Dataset, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let evaluator = Evaluator(inputs, threads: 1)
    let expected = try #require(evaluator.outputs(of: Program(model)))
    let outputs = try #require(evaluator.outputs(of: Program(try exported(model))))
    #expect(outputs.count == expected.count, sourceLocation: sourceLocation)
    let scale = max(expected.map(abs).max() ?? 1, 1)
    let error = zip(outputs, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(error <= 1e-5 * scale, "\(error) of \(scale)", sourceLocation: sourceLocation)
  }

  @Test(arguments: try GoldenCase.all.get())
  func everyOperatorStaysTheSame(golden: GoldenCase) throws {
    let model = try golden.model()
    try expectSameOutputs(model, try golden.dataset(model.graph.inputShape))
  }

  @Test(arguments: 0..<200)
  func randomNetworksStayTheSame(seed: Int) throws {
    var network = RandomOperators(seed: UInt64(1000 + seed))
    try expectSameOutputs(try network.model(nodes: 3 + seed % 10))
  }

  @Test(arguments: ["resnet20", "vgg11", "mobilenetv2", "vit"])
  func samplesStayTheSame(name: String) throws {
    let samples = SampleTests.folder.deletingLastPathComponent()
    let path = samples.appending(path: "\(name)-fashion/model.json").path()
    try expectSameOutputs(try ModelFile.read(at: path).model)
  }

  /// Convolutions whose border taps are zero become smaller where their pads allow it, and compute the same.
  @Test(arguments: 0..<100)
  func maskedBordersAreLeftOut(seed: Int) throws {
    var random = RandomModel(seed: UInt64(seed))
    let kernel = Extent(random.integer(1...5), random.integer(1...5))
    let pads = Pads(
      top: random.integer(0...3), left: random.integer(0...3), bottom: random.integer(0...3),
      right: random.integer(0...3))
    let dilations = Extent(random.integer(1...2), random.integer(1...2))
    let groups = [1, 6][random.integer(0...1)]
    var model = try random.model(
      input: Shape([6, 10, 11]),
      [
        .conv(
          "conv", "input", 6, kernel: kernel,
          strides: Extent(random.integer(1...2), random.integer(1...2)), pads: pads,
          dilations: dilations, groups: groups, bias: true)
      ])
    // The taps that some filter keeps.
    let top = random.integer(0...kernel.height - 1)
    let left = random.integer(0...kernel.width - 1)
    let rows = top...random.integer(top...kernel.height - 1)
    let columns = left...random.integer(left...kernel.width - 1)
    var parameters = model.parameters
    for index in parameters["conv.weight"]?.values.indices ?? 0..<0 {
      let tap = index % kernel.area
      if !rows.contains(tap / kernel.width) || !columns.contains(tap % kernel.width) {
        parameters["conv.weight"]?.values[index] = 0
      }
    }
    model = model.replacing(parameters)
    try expectSameOutputs(model)

    let file = try ModelFile.read(at: folder["model.onnx"]).model
    let written = file.graph.nodes.reduce(0) { taps, node in
      guard case .convolution(let convolution) = node.op else { return taps }
      return taps + convolution.kernel.area
    }
    let gone = Pads(
      top: min(rows.lowerBound, pads.top / dilations.height),
      left: min(columns.lowerBound, pads.left / dilations.width),
      bottom: min(kernel.height - 1 - rows.upperBound, pads.bottom / dilations.height),
      right: min(kernel.width - 1 - columns.upperBound, pads.right / dilations.width))
    // Without a pad to take away, steps over rows and columns can still leave something out.
    let cropped = (kernel.height - gone.top - gone.bottom) * (kernel.width - gone.left - gone.right)
    #expect((rows.count * columns.count...cropped).contains(written))
  }

  @Test func kernelsOfZerosStayNetworks() throws {
    var random = RandomModel(seed: 1)
    let model = try random.model(
      input: Shape([2, 5, 5]), [.conv("conv", "input", 3, bias: true)], zeros: 1)
    try expectSameOutputs(model)
  }

  /// A class token and constants on both sides of arithmetic and products: what has no batch gets one where it
  /// needs it.
  @Test func constantsMeetActivations() throws {
    var random = RandomModel(seed: 2)
    func constant(_ name: String, _ shape: Int...) -> NodeDeclaration {
      .node(name, .constant(Constant("\(name).value", shape: Shape(shape))))
    }
    let model = try random.model(
      input: Shape([4, 6]),
      [
        constant("token", 1, 6), constant("left", 3, 5), constant("right", 2, 1, 4),
        constant("table", 2, 3, 5), constant("filter", 6, 3),
        .node("tokens", .concat(axis: 0), "token", "input"),
        .node("both", .arithmetic(.add), "left", "table"),
        .node("product", .matMul, "filter", "left"),
        .node("read", .matMul, "tokens", "product"),
        .node("raised", .arithmetic(.multiply), "read", "scale"),
        constant("scale", 2, 1, 5),
        .node("joined", .concat(axis: 1), "both", "raised"),
        .node("soft", .softmax(axis: 1), "joined"),
        .node("wide", .reshape(Shape([2, 10, 4])), "soft"),
        .node("end", .arithmetic(.subtract), "right", "wide"),
      ])
    try expectSameOutputs(model)
  }

  @Test func anOutputMayBeTheInput() throws {
    let model = try Model(
      name: "", graph: Graph(input: Shape([3]), declarations: []), input: InputDescription(),
      classes: [], parameters: [:])
    try expectSameOutputs(model)
  }

  @Test func namesMayBeAnything() throws {
    let names = [
      "output", "", "a/b", "/", "conv.weight", "conv", "\u{0}", "'\"\n\\", "🙂", "conv.mul", "1",
      "val_3", "/1.0", String(repeating: "long", count: 5000),
    ]
    var random = RandomModel(seed: 3)
    var declarations: [NodeDeclaration] = []
    for name in names {
      let source = declarations.last?.name ?? "input"
      let parameter = declarations.count.isMultiple(of: 2) ? "input" : name
      declarations.append(
        .node(
          name,
          .linear(Linear(outputFeatures: 4, weight: "\(parameter)", bias: "\(name).bias")), source))
    }
    let model = try random.model(input: Shape([5, 4]), declarations)
    try expectSameOutputs(model)
  }
}
