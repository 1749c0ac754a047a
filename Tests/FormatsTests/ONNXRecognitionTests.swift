import ModelGraph
import Testing

/// Layers that exporters write in small operators.
@Suite struct ONNXRecognitionTests {
  private static let network = [
    "conv Conv", "swish HardSwish", "reshape Reshape", "transpose Transpose",
    "norm LayerNormalization", "fc1 Gemm", "act Gelu", "fc2 Gemm", "reducemean ReduceMean",
  ]

  @Test(arguments: [11, 13, 17, 20])
  func everyOpsetSpellsTheSameNetwork(opset: Int) throws {
    #expect(try ONNXFixture.nodes("opset-\(opset)") == Self.network)
    let (model, newest) = (try ONNXFixture.read("opset-\(opset)"), try ONNXFixture.read("opset-20"))
    #expect(model.graph.macs == newest.graph.macs)
    #expect(model.graph.parameterCount == 251)
    for name in ["conv.weight", "norm.weight", "norm.bias", "fc1.weight", "fc2.bias"] {
      #expect(model.parameters[name] == newest.parameters[name], "\(name)")
    }
  }

  private static let joint = [
    "qkv Gemm", "attn.q Slice", "attn.k Slice", "attn.v Slice", "attn.attention MultiHeadAttention",
  ]
  private static let separate = ["q Gemm", "k Gemm", "v Gemm", "attn MultiHeadAttention"]

  @Test(arguments: [
    ("joint", joint), ("unbound", joint), ("transposed", separate), ("merged", separate),
  ])
  func attention(spelling: String, expected: [String]) throws {
    #expect(try ONNXFixture.nodes("attention-\(spelling)") == expected)
    let graph = try ONNXFixture.read("attention-\(spelling)").graph
    let heads = graph.nodes.compactMap { node -> Attention? in
      if case .attention(let attention) = node.op { attention } else { nil }
    }
    #expect(heads.map(\.heads) == [2])
    #expect(abs((heads.first?.scale ?? 0) - 0.5) < 1e-6)
    #expect(graph.nodes[graph.output].shape == Shape([9, 8]))
  }

  @Test(arguments: [
    ("gelu-half-first", Activation.gelu(isApproximate: false)),
    ("gelu-tanh", .gelu(isApproximate: true)), ("silu", .silu),
    ("hard-swish-by-sigmoid", .hardSwish), ("hard-sigmoid", .hardSigmoid(alpha: 1 / 6, beta: 0.5)),
  ])
  func functions(fixture: String, activation: Activation) throws {
    let nodes = try ONNXFixture.read(fixture).graph.nodes
    #expect(nodes.map(\.name) == ["input", "conv", "act"])
    #expect(nodes.last?.op == .activation(activation))
  }

  @Test func channelShuffle() throws {
    let nodes = try ONNXFixture.read("channel-shuffle").graph.nodes
    #expect(nodes.map(\.name) == ["input", "conv", "stage.shuffle"])
    #expect(nodes.last?.op == .channelShuffle(groups: 2))
  }

  @Test func zerosAroundAnInputAreTheConvolutionsPads() throws {
    let nodes = try ONNXFixture.read("padded-convolution").graph.nodes
    guard nodes.count == 2, case .convolution(let convolution) = nodes[1].op else {
      Issue.record("\(nodes.map(\.op.name))")
      return
    }
    #expect(convolution.pads == Pads(top: 0, left: 0, bottom: 1, right: 1))
  }
}
