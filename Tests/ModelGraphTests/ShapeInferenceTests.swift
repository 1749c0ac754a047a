import ModelGraph
import Testing

/// Shapes and costs against ONNX's own shape inference (onnx 1.23.2, opset 17):
///
///     onnx.shape_inference.infer_shapes(model, strict_mode=True)
///
/// of one `Conv`, or one `MaxPool` and `AveragePool`, with random attributes (`random.seed(1)`);
/// weights = out * (in / groups) * kernel, MACs = weights * output rows * output columns.
@Suite struct ShapeInferenceTests {
  @Test(arguments: convolutionCases) func convolution(_ expected: ConvolutionCase) throws {
    let conv = Convolution(
      outputChannels: expected.filters, kernel: extent(expected.kernel),
      strides: extent(expected.strides), pads: pads(expected.pads),
      dilations: extent(expected.dilations), groups: expected.groups, weight: "w")
    let graph = try Graph(
      input: Shape(expected.input),
      declarations: [NodeDeclaration(name: "c", op: .convolution(conv), inputs: ["input"])])
    #expect(graph.nodes[1].shape.dimensions == expected.output)
    #expect(graph.parameterCount == expected.weights)
    #expect(graph.macs == expected.macs)
  }

  @Test(arguments: poolingCases, [true, false])
  func pooling(_ expected: PoolingCase, isMax: Bool) throws {
    let pooling = Pooling(
      kernel: extent(expected.kernel), strides: extent(expected.strides),
      pads: pads(expected.pads))
    let graph = try Graph(
      input: Shape(expected.input),
      declarations: [
        NodeDeclaration(
          name: "p", op: isMax ? .maxPool(pooling) : .averagePool(pooling), inputs: ["input"])
      ])
    #expect(graph.nodes[1].shape.dimensions == expected.output)
    #expect(graph.macs == 0)
  }

  @Test func vectorsAndMaps() throws {
    var net = NetworkBuilder()
    var x = net.add(.relu, "input")
    x = net.add(.flatten, x)
    x = net.linear(x, 7)
    let mlp = try net.graph(Shape(channels: 3, height: 4, width: 5))
    #expect(mlp.nodes.map(\.shape.dimensions) == [[3, 4, 5], [3, 4, 5], [60], [7]])
    #expect(mlp.macs == 420)
    #expect(mlp.parameterCount == 427)

    var pooled = NetworkBuilder()
    _ = pooled.add(.globalAveragePool, "input")
    #expect(
      try pooled.graph(Shape(channels: 3, height: 4, width: 5)).nodes[1].shape
        == Shape(channels: 3, height: 1, width: 1))
  }

  @Test func resNet20() throws {
    let graph = try NetworkBuilder.resNet20()
    #expect(graph.macs == 31_021_952)
    #expect(graph.parameterCount == 272_186)
  }
}

private func extent(_ values: [Int]) -> Extent { Extent(values[0], values[1]) }

private func pads(_ values: [Int]) -> Pads {
  Pads(top: values[0], left: values[1], bottom: values[2], right: values[3])
}

struct ConvolutionCase: Sendable {
  let input: [Int]
  let filters: Int
  let kernel, strides, pads, dilations: [Int]
  let groups: Int
  let output: [Int]
  let weights, macs: Int

  init(
    _ input: [Int], _ filters: Int, _ kernel: [Int], _ strides: [Int], _ pads: [Int],
    _ dilations: [Int], _ groups: Int, _ output: [Int], _ weights: Int, _ macs: Int
  ) {
    self.input = input
    self.filters = filters
    self.kernel = kernel
    self.strides = strides
    self.pads = pads
    self.dilations = dilations
    self.groups = groups
    self.output = output
    self.weights = weights
    self.macs = macs
  }
}

struct PoolingCase: Sendable {
  let input, kernel, strides, pads, output: [Int]

  init(_ input: [Int], _ kernel: [Int], _ strides: [Int], _ pads: [Int], _ output: [Int]) {
    self.input = input
    self.kernel = kernel
    self.strides = strides
    self.pads = pads
    self.output = output
  }
}

/// Input, filters, kernel, strides, pads, dilations, groups; output, weights, MACs.
private let convolutionCases: [ConvolutionCase] = [
  ConvolutionCase(
    [1, 7, 19], 3, [5, 5], [3, 2], [3, 0, 3, 3], [1, 1], 1, [3, 3, 9], 75, 2025),
  ConvolutionCase(
    [3, 12, 27], 12, [2, 1], [2, 1], [0, 3, 1, 3], [1, 1], 3, [12, 6, 33], 24, 4752),
  ConvolutionCase(
    [4, 28, 18], 8, [5, 2], [2, 1], [2, 0, 3, 0], [1, 1], 4, [8, 15, 17], 80, 20400),
  ConvolutionCase(
    [3, 27, 14], 1, [7, 5], [3, 3], [2, 3, 3, 0], [1, 1], 1, [1, 9, 5], 105, 4725),
  ConvolutionCase(
    [4, 17, 25], 8, [2, 3], [3, 3], [3, 0, 1, 3], [2, 1], 2, [8, 7, 9], 96, 6048),
  ConvolutionCase(
    [6, 18, 33], 6, [3, 1], [2, 3], [1, 3, 0, 3], [1, 2], 2, [6, 9, 13], 54, 6318),
  ConvolutionCase(
    [2, 19, 30], 4, [3, 5], [2, 1], [0, 1, 1, 1], [2, 1], 1, [4, 8, 28], 120, 26880),
  ConvolutionCase(
    [3, 30, 25], 1, [1, 1], [1, 2], [1, 2, 0, 1], [1, 1], 1, [1, 31, 14], 3, 1302),
  ConvolutionCase([3, 9, 9], 1, [3, 2], [3, 2], [2, 3, 3, 0], [2, 1], 1, [1, 4, 6], 18, 432),
  ConvolutionCase(
    [3, 14, 17], 4, [2, 3], [1, 2], [3, 0, 1, 0], [1, 2], 1, [4, 17, 7], 72, 8568),
  ConvolutionCase(
    [4, 27, 9], 2, [5, 5], [3, 1], [0, 3, 2, 3], [3, 1], 2, [2, 6, 11], 100, 6600),
  ConvolutionCase(
    [3, 10, 32], 2, [1, 3], [1, 1], [1, 3, 2, 1], [2, 1], 1, [2, 13, 34], 18, 7956),
  ConvolutionCase(
    [1, 32, 22], 2, [5, 2], [3, 3], [1, 2, 0, 1], [1, 1], 1, [2, 10, 8], 20, 1600),
  ConvolutionCase(
    [12, 19, 7], 6, [5, 3], [3, 2], [3, 2, 0, 1], [1, 1], 3, [6, 6, 4], 360, 8640),
  ConvolutionCase(
    [3, 14, 17], 2, [2, 3], [3, 1], [2, 3, 1, 0], [3, 2], 1, [2, 5, 16], 36, 2880),
  ConvolutionCase([4, 8, 9], 4, [2, 2], [2, 2], [2, 2, 0, 2], [2, 1], 4, [4, 4, 6], 16, 384),
  ConvolutionCase(
    [4, 22, 21], 2, [1, 3], [1, 2], [1, 1, 2, 0], [1, 1], 1, [2, 25, 10], 24, 6000),
  ConvolutionCase(
    [12, 22, 21], 3, [2, 1], [2, 2], [0, 3, 2, 0], [2, 2], 3, [3, 11, 12], 24, 3168),
  ConvolutionCase(
    [3, 23, 25], 1, [1, 1], [2, 1], [1, 3, 1, 0], [1, 1], 1, [1, 13, 28], 3, 1092),
  ConvolutionCase(
    [4, 9, 27], 4, [1, 5], [2, 3], [2, 3, 2, 0], [2, 2], 2, [4, 7, 8], 40, 2240),
]

/// Input, kernel, strides, pads; output.
private let poolingCases: [PoolingCase] = [
  PoolingCase([3, 10, 24], [3, 1], [1, 1], [1, 0, 1, 0], [3, 10, 24]),
  PoolingCase([3, 14, 16], [1, 1], [2, 3], [0, 0, 0, 0], [3, 7, 6]),
  PoolingCase([3, 29, 23], [5, 3], [2, 2], [1, 2, 1, 1], [3, 14, 12]),
  PoolingCase([3, 10, 11], [3, 1], [2, 1], [1, 0, 2, 0], [3, 6, 11]),
  PoolingCase([3, 11, 16], [3, 1], [2, 1], [1, 0, 0, 0], [3, 5, 16]),
  PoolingCase([3, 7, 21], [1, 1], [1, 1], [0, 0, 0, 0], [3, 7, 21]),
  PoolingCase([3, 21, 31], [1, 3], [1, 1], [0, 1, 0, 1], [3, 21, 31]),
  PoolingCase([3, 19, 31], [2, 1], [3, 2], [0, 0, 0, 0], [3, 6, 16]),
  PoolingCase([3, 8, 30], [3, 2], [1, 3], [2, 1, 0, 0], [3, 8, 10]),
  PoolingCase([3, 8, 21], [1, 2], [3, 3], [0, 0, 0, 1], [3, 3, 7]),
]
