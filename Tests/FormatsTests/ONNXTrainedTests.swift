import Formats
import ModelGraph
import TestSupport
import Testing

/// Published architectures and trained networks in `../shared/weights`, which are no part of the project.
@Suite(.enabled(if: SharedWeights.areThere, "no ../shared/weights"))
struct ONNXTrainedTests {
  /// torchvision's models: parameters, and MACs to 0.1 million; those of the products of attention are
  /// counted, too.
  @Test(arguments: [
    ("resnet18", 11_689_512, 1814.1), ("resnet50", 25_557_032, 4089.2),
    ("mobilenet_v2", 3_504_872, 300.8), ("vgg16", 138_357_544, 15470.3),
    ("vgg19", 143_667_240, 19632.1), ("vit_b_16", 86_567_656, 17563.8),
  ])
  func sizesAreAsPublished(name: String, parameters: Int, millionMACs: Double) throws {
    let file = try ModelFile.readStructure(at: SharedWeights.path("light_\(name).onnx"))
    let graph = file.model.graph
    #expect(graph.parameterCount == parameters)
    #expect(abs(Double(graph.macs) / 1e6 - millionMACs) < 0.1)
    #expect(graph.nodes.allSatisfy { if case .unsupported = $0.op { false } else { true } })
  }

  @Test(arguments: [
    ("resnet20_cifar10_bn", "resnet20_cifar10"),
    ("mobilenet_v1_0.25_128_imagenet", "mobilenet_v1_0.25_128_imagenet_bnfolded"),
    ("mobilenet_v2_1.0_224_imagenet", "mobilenet_v2_1.0_224_imagenet_bnfolded"),
  ])
  func trainedWeightsEqualTheirTwins(name: String, twin: String) throws {
    let model = try ModelFile.read(at: SharedWeights.path("\(name).onnx")).model
    let others = try SafeTensors.read(at: SharedWeights.path("\(twin).safetensors"))
    #expect(!model.parameters.isEmpty)
    for (name, parameter) in model.parameters {
      let other = try #require(others[name], "\(name)")
      #expect(parameter.values.count == other.values.count)
      let error = zip(parameter.values, other.values).map { abs($0 - $1) }.max() ?? 0
      #expect(error <= 1e-5, "\(name)")
    }
  }
}
