import Formats
import ModelGraph
import Testing

/// What is said when a model is opened.
@Suite struct ModelReadingTests {
  private func file(_ name: String, output: String? = nil) throws -> ModelFile {
    let folder = ONNXFixture.path("").dropLast("onnx/".count)
    return try ModelFile.readStructure(at: "\(folder)onnx-reading/\(name).onnx", output: output)
  }

  @Test func severalOutputsAreNamedFirst() throws {
    let usual = try file("several-outputs")
    #expect(usual.output == "logits" && usual.outputs == ["embedding", "logits"])
    #expect(
      try ModelReading(usual).description
        .hasPrefix("output 'logits', not 'embedding' (--output)"))
    let other = try file("several-outputs", output: "embedding")
    #expect(other.model.graph.nodes[other.model.graph.output].shape == Shape([4]))
    #expect(try other.readingWeights().digest != usual.readingWeights().digest)
    let error = #expect(throws: FormatError.self) { try file("several-outputs", output: "none") }
    #expect(error?.description.contains("'embedding', 'logits'") == true)
  }

  @Test func whatNobodyToldIsAssumed() throws {
    let file = try file("squeeze-all")
    #expect(try ModelReading(file).description.contains("byte / 255 (assumed: --scale"))
    let told = try file.replacingInput(
      InputDescription(scale: 1, mean: [104, 117, 123], deviation: [1, 1, 1], channels: .bgr))
    let text = try ModelReading(told).description
    #expect(text.contains("3x6x6 BGR") && text.contains("byte - 104.0,117.0,123.0"))
    #expect(!text.contains("assumed"))
  }

  @Test func networksOfIntegersAndOfChannelsLastAreTold() throws {
    let integers = try file("input-uint8")
    #expect(integers.isInputTold && integers.model.input.scale == 1)
    let last = try file("channels-last")
    #expect(last.model.graph.inputShape == Shape([3, 6, 7]))
    #expect(try ModelReading(last).description.contains("arrays NHWC"))
  }

  /// One image's output would depend on the others.
  @Test(arguments: ["reducemax", "reducemean", "softmax", "argmax"])
  func nothingIsComputedAcrossABatch(kind: String) throws {
    let graph = try file("across-\(kind)-N").model.graph
    let reasons = graph.nodes.compactMap {
      if case .unsupported(let operation) = $0.op { operation.reason } else { nil }
    }
    #expect(reasons == ["computes across the images of a batch"])
  }
}
