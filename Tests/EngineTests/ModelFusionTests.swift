import Engine
import ModelGraph
import TestSupport
import Testing

/// Networks in operators that engines compute together.
@Suite struct ModelFusionTests {
  @Test(arguments: 0..<60)
  func outputsStay(seed: Int) throws {
    let model = try RandomNetwork.model(seed: UInt64(seed))
    let fused = model.fused()
    let images = SmallNetwork.images(for: model, count: 3, seed: 1)
    let evaluator = Evaluator(images, threads: 1)
    let expected = try #require(evaluator.outputs(of: Program(model)))
    let found = try #require(evaluator.outputs(of: Program(fused)))
    let scale = max(expected.map(abs).max() ?? 1, 1)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-5 * scale })
    #expect(fused.graph.nodes.count <= model.graph.nodes.count)
  }

  @Test func aLayerTakesThePlaceOfItsBatchNorm() throws {
    let fused = try SmallNetwork.model().fused()
    let graph = fused.graph
    #expect(
      graph.nodes.prefix(6).map(\.name)
        == ["input", "stem", "stem.relu", "inner", "inner.relu", "depthwise"])
    #expect(!graph.nodes.contains { if case .batchNormalization = $0.op { true } else { false } })
  }

  /// Every other place, four channels before and five behind, as slices of rows and columns or of both.
  @Test(arguments: [[Extent(2, 2)], [Extent(2, 1), Extent(1, 3)]], [5, 6])
  func aPaddedShortcutIsAConvolution(steps: [Extent], extent: Int) throws {
    var declarations: [NodeDeclaration] = []
    var shape = [3, extent, extent]
    for (place, steps) in steps.enumerated() {
      shape = [3, (shape[1] - 1) / steps.height + 1, (shape[2] - 1) / steps.width + 1]
      declarations.append(
        .init(
          name: "slice\(place)",
          op: .slice(
            Slice(starts: [0, 0, 0], counts: shape, steps: [1, steps.height, steps.width])),
          inputs: [declarations.last?.name ?? "input"]))
    }
    declarations.append(
      .init(
        name: "pad", op: .pad(Padding(before: [4, 0, 0], after: [5, 0, 0])),
        inputs: [declarations.last?.name ?? "input"]))
    declarations.append(.init(name: "relu", op: .relu, inputs: ["pad"]))
    declarations.append(
      .init(
        name: "conv", op: .convolution(Convolution(outputChannels: 2, kernel: .one, weight: "w")),
        inputs: ["relu"]))
    var generator = SmallNetwork.Generator(state: 1)
    let model = try SmallNetwork.trained(
      Graph(input: Shape([3, extent, extent]), declarations: declarations), using: &generator)
    let fused = model.fused()
    #expect(fused.graph.nodes.map(\.name) == ["input", "pad", "relu", "conv"])
    let evaluator = Evaluator(SmallNetwork.images(for: model, count: 2, seed: 1), threads: 1)
    #expect(
      try evaluator.outputs(of: Program(fused)) == evaluator.outputs(of: Program(model)))
  }

  /// A weight of two layers, an output that something else reads, a channel without variance.
  @Test(arguments: ["first.weight", "second.weight"], [Float(1e-5), 0])
  func whatCannotBeFoldedStays(secondWeight: String, epsilon: Float) throws {
    func conv(_ weight: String) -> Operator {
      .convolution(Convolution(outputChannels: 3, kernel: .one, weight: weight))
    }
    func norm(_ name: String) -> Operator {
      .batchNormalization(
        BatchNormalization(
          scale: "\(name).s", bias: "\(name).b", mean: "\(name).m", variance: "\(name).v",
          epsilon: epsilon))
    }
    let graph = try Graph(
      input: Shape(channels: 3, height: 2, width: 2),
      declarations: [
        .init(name: "first", op: conv("first.weight"), inputs: ["input"]),
        .init(name: "n1", op: norm("n1"), inputs: ["first"]),
        .init(name: "second", op: conv(secondWeight), inputs: ["n1"]),
        .init(name: "n2", op: norm("n2"), inputs: ["second"]),
        .init(name: "sum", op: .add, inputs: ["n2", "second"]),
      ])
    var generator = SmallNetwork.Generator(state: 1)
    let model = try SmallNetwork.trained(graph, using: &generator)
    let still = Parameter(shape: [3], values: [0, 1, 1])
    let nodes = model.replacing(model.parameters.merging(["n1.v": still]) { $1 })
      .fused().graph.nodes
    let stays = secondWeight == "first.weight" || epsilon == 0
    #expect(nodes.contains { $0.name == "n1" } == stays)
    #expect(nodes.contains { $0.name == "n2" })
  }
}
