import Metrics
import ModelGraph
import Testing

@testable import Peers
@testable import Search

/// What ONNX Runtime calls the nodes that it timed.
struct FusedNodesTests {
  @Test func everyTimeBelongsToANode() throws {
    let conv = Convolution(
      outputChannels: 4, kernel: Extent(3, 3), pads: Pads(top: 1, left: 1, bottom: 1, right: 1),
      weight: "conv.weight")
    let norm = BatchNormalization(
      scale: "s", bias: "b", mean: "m", variance: "v", epsilon: 1e-5)
    let graph = try Graph(
      input: Shape(channels: 4, height: 6, width: 6),
      declarations: [
        .init(name: "layer1.conv", op: .convolution(conv), inputs: ["input"]),
        .init(name: "layer1.bn", op: .batchNormalization(norm), inputs: ["layer1.conv"]),
        .init(name: "layer1.relu", op: .relu, inputs: ["layer1.bn"]),
        .init(name: "add", op: .add, inputs: ["layer1.relu", "input"]),
        .init(name: "relu", op: .relu, inputs: ["add"]),
        .init(name: "pool", op: .globalAveragePool, inputs: ["relu"]),
        .init(name: "flat", op: .flatten, inputs: ["pool"]),
        .init(
          name: "fc", op: .linear(Linear(outputFeatures: 2, weight: "fc.weight")),
          inputs: ["flat"]),
      ])
    func number(_ name: String) throws -> Int {
      try #require(graph.nodes.firstIndex { $0.name == name })
    }
    let seconds = FusedNodes(graph).seconds([
      .init(name: "ReorderInput", seconds: 1),
      .init(name: "layer1.relu_nchwc", seconds: 2),
      .init(name: "relu_nchwc", seconds: 4),
      .init(name: "ReorderOutput_token_105", seconds: 8),
      .init(name: "pool", seconds: 16),
      .init(name: "fc.matmul/MatMulScaleFusion/", seconds: 32),
      .init(name: "BiasGelu", seconds: 64),
    ])
    #expect(
      seconds == [
        0: 1, try number("layer1.conv"): 2, try number("add"): 12, try number("pool"): 16,
        try number("fc"): 96,
      ])
  }
}
