internal import Kernels
internal import Metrics
internal import ModelGraph
internal import Tensors

/// Times training steps on made-up images: forward, backward and an update by SGD with Nesterov momentum.
public struct TrainingProbe {
  private var network: TrainableNetwork
  private var optimizer = Optimizer.sgd(SGD(learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4))
  private let images: Tensor<Float>
  private let targets: Tensor<Float>
  private let threads: Int

  /// Steps of `batch` images on `threads` threads.
  public init(_ network: TrainableNetwork, batch: Int, threads: Int) {
    self.network = network
    self.threads = threads
    let graph = network.model.graph
    let shape = graph.inputShape
    let extents =
      shape.rank == 3 ? [shape.height, shape.width, shape.channels] : shape.dimensions
    var generator = SeededGenerator(seed: 1)
    images = generator.normalTensor(shape: [batch] + extents, deviation: 1)
    let classes = graph.nodes[graph.output].shape.count
    targets = Tensor(
      shape: [batch, classes],
      scalars: (0..<batch * classes).map { $0 / classes % classes == $0 % classes ? 1 : 0 })
  }

  /// The seconds of one step.
  public mutating func seconds() -> Double {
    ContinuousClock().measure {
      let lesson = network.lesson(images, targets: targets, loss: Loss(), threads: threads)
      optimizer.update(
        &network.parameters, gradients: lesson.gradients, learningRate: 0.01,
        decays: network.decays)
    }.seconds
  }
}
