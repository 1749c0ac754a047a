import Engine
import Formats
import Foundation
import ModelGraph
import Patterns
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

  private func check(_ model: Model) throws {
    let space = PruningSpace(model.graph)
    for seed in 0..<3 {
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
      #expect(zip(seen, expected).allSatisfy { abs($0 - $1) <= 1e-4 * max(scale, 1) })
    }
  }
}
