import Engine
import Formats
import ModelGraph
import TestSupport
import Testing

@Suite struct OperatorTests {
  /// Graphs of operators drawn at random, so that every one meets every arrangement that the ones
  /// before it can leave.
  @Test(arguments: 0..<400)
  func randomGraphsEqualTheReference(seed: Int) throws {
    var network = RandomOperators(seed: UInt64(seed))
    let model = try network.model(nodes: 3 + seed % 10)
    try expectReference(model, images: 2, imagesPerPass: 1 + seed % 3, seed: UInt64(seed))
  }

  @Test(arguments: [
    Activation.relu, .leakyRelu(slope: 0.2), .clip(low: -0.5, high: 0.75), .sigmoid,
    .hardSigmoid(alpha: 0.3, beta: 0.4), .hardSwish, .silu, .gelu(isApproximate: false),
    .gelu(isApproximate: true), .tanh, .erf, .exp,
  ])
  func activationsAreAccurateFarOut(activation: Activation) throws {
    var random = RandomModel(seed: 1)
    // From -20 to 19.84 in steps of 5/32, which floats hold exactly.
    let graph = try Graph(
      input: Shape([3, 5, 7]),
      declarations: [.node("a", .activation(activation), "input")])
    let model = try Model(
      name: "activation", graph: graph,
      input: InputDescription(scale: 5 / 32, mean: [20], deviation: [1]), classes: [],
      parameters: [:])
    let bytes = random.bytes(105)
    let output = try outputs(of: model, bytes, count: 1)
    let reference = ReferenceNetwork(model).output(for: bytes)
    for (value, expected) in zip(output, reference) {
      #expect(abs(Double(value) - expected) <= 4e-7 * max(1, abs(expected)))
    }
  }

  @Test func rootsAndPowersOfPositiveNumbers() throws {
    var random = RandomModel(seed: 2)
    let model = try random.model(
      input: Shape([5, 3, 2]),
      [
        .node("positive", .activation(.sigmoid), "input"),
        .node("root", .activation(.sqrt), "positive"),
        .node("power", .arithmetic(.power), "root", "positive"),
        .node("ratio", .arithmetic(.divide), "power", "positive"),
      ])
    try expectReference(model)
  }

  @Test(arguments: Resize.Coordinates.allCases, Resize.Rounding.allCases)
  func resizesEqualTheReference(coordinates: Resize.Coordinates, rounding: Resize.Rounding) throws {
    for mode in [Resize.Mode.nearest(rounding), .linear] {
      for size in [Extent(3, 9), Extent(8, 4), Extent(1, 1)] {
        var random = RandomModel(seed: 3)
        let resize = Resize(mode: mode, coordinates: coordinates, size: size)
        let model = try random.model(
          input: Shape([9, 4, 6]), [.node("resize", .resize(resize), "input")])
        try expectReference(model)
      }
    }
  }

  @Test func paddedHeadsAndCrossAttention() throws {
    for (heads, depth, width) in [(3, 6, 5), (2, 8, 16), (1, 24, 8), (4, 3, 3)] {
      var random = RandomModel(seed: 4)
      func projection(_ name: String, _ features: Int, _ input: String) -> NodeDeclaration {
        .node(name, .linear(Linear(outputFeatures: features, weight: "\(name).weight")), input)
      }
      let model = try random.model(
        input: Shape([11, 10]),
        [
          projection("q", heads * depth, "input"),
          .node("part", .slice(Slice(starts: [2, 0], counts: [7, 10])), "input"),
          projection("k", heads * depth, "part"), projection("v", heads * width, "part"),
          .node("attend", .attention(Attention(heads: heads, scale: 0.3)), "q", "k", "v"),
        ])
      try expectReference(model)
    }
  }

  @Test func unsupportedOperatorsAreNamed() throws {
    let graph = try Graph(
      input: Shape([4]),
      declarations: [
        .node(
          "odd",
          .unsupported(Unsupported(kind: "Einsum", shape: Shape([4]), reason: "is not supported")),
          "input")
      ])
    let model = try Model(
      name: "odd", graph: graph, input: InputDescription(), classes: [], parameters: [:])
    #expect(throws: EngineError.self) { try Program(model) }
  }
}
