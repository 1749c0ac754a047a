import Engine
import Formats
import ModelGraph
import Tensors
import TestSupport
import Testing
import Training

@Suite struct TrainableNetworkTests {
  /// Every operator that can be trained, against ONNX Runtime's outputs.
  @Test(arguments: try GoldenCase.all.get())
  func outputsAreThoseOfONNXRuntime(golden: GoldenCase) throws {
    let model = try golden.model()
    let network: TrainableNetwork
    do {
      network = try TrainableNetwork(model)
    } catch {
      let isRefused = model.graph.nodes.contains { node in
        switch node.op {
        case .argMax, .resize, .arithmetic(.power): true
        default: false
        }
      }
      #expect(isRefused, "\(error)")
      return
    }
    let expected = try golden.outputs()
    let images = TrainingSet(
      try golden.dataset(model.graph.inputShape), input: model.input
    ).images(at: 0..<expected.shape[0])
    let output = network.logits(images, threads: 2)
    let scale = expected.values.map(abs).max() ?? 0
    let order = expected.shape.count == 4 ? [0, 3, 1, 2] : Array(expected.shape.indices)
    let logical = output.transposedValues(order)
    #expect(logical.count == expected.values.count)
    let worst = zip(logical, expected.values).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= max(golden.tolerance, 1e-5) * scale, "\(worst) of \(scale)")
  }

  /// In training mode a batch norm uses its batch, and the running statistics move as PyTorch's do.
  @Test func runningStatisticsMoveTowardsTheBatch() throws {
    let graph = try Graph(
      input: Shape([3, 2, 2]),
      declarations: [
        NodeDeclaration(
          name: "norm",
          op: .batchNormalization(
            BatchNormalization(
              scale: "s", bias: "b", mean: "m", variance: "v", epsilon: 1e-5)), inputs: ["input"])
      ])
    var generator = SeededGenerator(seed: 3)
    let model = try Model(
      name: "norm", graph: graph, input: InputDescription(), classes: [],
      parameters: [
        "s": Parameter(shape: [3], values: [1, 2, 3]),
        "b": Parameter(shape: [3], values: [0, 1, 2]),
        "m": Parameter(shape: [3], values: [1, 1, 1]),
        "v": Parameter(shape: [3], values: [2, 2, 2]),
      ])
    let network = try TrainableNetwork(model)
    let images: Tensor<Float> = generator.normalTensor(shape: [5, 2, 2, 3], deviation: 2)
    let tape = Tape<Float>()
    let output = network.run(images, on: network.parameters.bound(to: tape), mode: .training)
    for channel in 0..<3 {
      let values = stride(from: channel, to: images.count, by: 3).map { Double(images.scalars[$0]) }
      let mean = values.reduce(0, +) / 20
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19
      let moved = (output.statistics["m"], output.statistics["v"])
      #expect(abs(Double(moved.0?.scalars[channel] ?? 0) - (0.9 + 0.1 * mean)) < 1e-5)
      #expect(abs(Double(moved.1?.scalars[channel] ?? 0) - (1.8 + 0.1 * variance)) < 1e-5)
    }
  }
}

extension Tensor<Float> {
  /// The elements in another order of axes.
  fileprivate func transposedValues(_ order: [Int]) -> [Float] {
    let tape = Tape<Float>(isRecording: false)
    return tape.constant(self).transposed(order).value.scalars
  }
}
