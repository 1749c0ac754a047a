import Engine
import Formats
import Foundation
import ModelGraph
import Patterns
import Pruning
import TestSupport
import Testing

/// Channels, heads and neurons that are gone are those that nothing reads, in networks that people use.
@Suite struct TrainedNetworksTests {
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "SampleModels")

  @Test(arguments: ["resnet20-fashion", "vgg11-fashion", "mobilenetv2-fashion", "vit-fashion"])
  func samplesLoseChannels(name: String) throws {
    try check(ModelFile.read(at: Self.samples.appending(path: "\(name)/model.json").path()).model)
  }

  @Test(
    .enabled(if: SharedWeights.areThere, "no ../shared/weights"),
    arguments: [
      "resnet20_cifar10_bn", "mobilenet_v1_0.25_128_imagenet", "mobilenet_v2_1.0_224_imagenet",
    ])
  func trainedNetworksLoseChannels(name: String) throws {
    try check(ModelFile.read(at: SharedWeights.path("\(name).onnx")).model)
  }

  /// torchvision's architectures; the files have constants for weights.
  @Test(
    .enabled(if: SharedWeights.areThere, "no ../shared/weights"),
    arguments: ["resnet18", "resnet50", "mobilenet_v2", "vit_b_16", "vgg16", "vgg19"])
  func publishedArchitecturesLoseChannels(name: String) throws {
    let file = try ModelFile.readStructure(at: SharedWeights.path("light_\(name).onnx"))
    try check(Self.randomlyWeighted(file.model.graph), seeds: 1)
  }

  /// A model of the graph whose activations neither vanish nor explode.
  private static func randomlyWeighted(_ graph: Graph) throws -> Model {
    var generator = SmallNetwork.Generator(state: 1)
    var parameters: [String: Parameter] = [:]
    for declaration in graph.nodes.indices.flatMap({ graph.parameters(of: $0) }) {
      let fanIn = declaration.shape.dropFirst().reduce(1, *)
      let bound = (3 / Float(fanIn)).squareRoot()
      let range = declaration.shape.count > 1 ? -bound...bound : 0.5...1
      parameters[declaration.name] = Parameter(
        shape: declaration.shape,
        values: (0..<declaration.count).map { _ in Float.random(in: range, using: &generator) })
    }
    return try Model(
      name: "random", graph: graph, input: InputDescription(), classes: [],
      parameters: parameters)
  }

  private func check(_ model: Model, seeds: Int = 3) throws {
    let space = PruningSpace(model.graph)
    for seed in 0..<seeds {
      var generator = SmallNetwork.Generator(state: UInt64(seed))
      let strategy = space.randomStrategy(seed) {
        if case .channels = $0.target { true } else { false }
      }
      let pruned = try space.apply(strategy, to: model)
      #expect(pruned.cost.macs < model.graph.macs)
      #expect(pruned.cost.macs == pruned.model.graph.macs)
      #expect(pruned.cost.parameters == pruned.model.graph.parameterCount)
      let images = (0..<2 * model.graph.inputShape.count).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      let evaluator = Evaluator(
        Dataset(images: images, labels: [0, 0], shape: model.graph.inputShape))
      let seen = try #require(evaluator.outputs(of: Program(pruned.model)))
      let expected = try #require(evaluator.outputs(of: Program(model.silenced(as: pruned))))
      let scale = expected.map(abs).max() ?? 1
      #expect(scale > 0.01, "outputs that vanish say nothing")
      #expect(zip(seen, expected).allSatisfy { abs($0 - $1) <= 1e-4 * max(scale, 1) })
    }
  }
}
