import Formats
import ModelGraph
import Tensors
import Training

extension SeededGenerator {
  /// A tensor of standard normal numbers.
  mutating func tensor(_ shape: Int...) -> Tensor<Float> {
    normalTensor(shape: shape, deviation: 1)
  }

  /// Two weights and a bias.
  mutating func parameters() -> Parameters {
    var parameters = Parameters()
    _ = parameters.add("conv.weight", tensor(3, 2, 3, 3))
    _ = parameters.add("conv.bias", tensor(3))
    _ = parameters.add("head.weight", tensor(4, 5))
    return parameters
  }

  /// A gradient for each parameter.
  mutating func gradients(of parameters: Parameters) -> [Tensor<Float>] {
    parameters.tensors.map { normalTensor(shape: $0.shape, deviation: 1) }
  }

  /// A number in `range`.
  mutating func number(in range: ClosedRange<Float>) -> Float {
    Float.random(in: range, using: &self)
  }

  /// A recipe with every field at random.
  mutating func recipe() -> Recipe {
    let sources: [DataSource] = [
      .idx(images: "a-images", labels: "a-labels"), .cifar(["1.bin", "2.bin"]),
      .arrays(images: "x.npy", labels: "y.npy"), .archive("d.npz"),
      .folder("photographs", .crop(shorterSide: 40)),
    ]
    let optimizers: [OptimizerSettings] = [
      .sgd(momentum: number(in: 0...0.99), isNesterov: Bool.random(using: &self)),
      .adamW(
        beta1: number(in: 0...0.99), beta2: number(in: 0...0.99), epsilon: number(in: 1e-9...1)),
    ]
    let schedules: [LearningRateSchedule] = [
      .constant(warmupEpochs: number(in: 0...5)),
      .cosine(warmupEpochs: number(in: 0...5), final: number(in: 0...1)),
      .oneCycle(peakAt: number(in: 0.01...0.99)),
    ]
    return Recipe(
      model: "model.json", train: sources[index(below: sources.count)],
      holdout: 1 + index(below: 100), folder: "recipes", seed: next(),
      epochs: 1 + index(below: 100_000), batch: 1 + index(below: 65_536),
      optimizer: optimizers[index(below: optimizers.count)],
      learningRate: number(in: 1e-6...1), weightDecay: number(in: 0...1),
      schedule: schedules[index(below: schedules.count)],
      clipNorm: Bool.random(using: &self) ? number(in: 0.1...10) : nil,
      labelSmoothing: Bool.random(using: &self) ? number(in: 0...0.99) : 0,
      averageDecay: Bool.random(using: &self) ? number(in: 0.1...0.9999) : nil,
      augmentation: Augmentation(
        crop: index(below: 5), isFlipping: Bool.random(using: &self), cutout: index(below: 9),
        mixup: Bool.random(using: &self) ? number(in: 0.1...2) : nil))
  }

  /// Images of random bytes, labels below `classes`.
  mutating func dataset(count: Int, shape: Shape, classes: Int = 3) -> Dataset {
    Dataset(
      images: (0..<count * shape.count).map { _ in UInt8(index(below: 256)) },
      labels: (0..<count).map { _ in Int32(index(below: classes)) }, shape: shape)
  }
}

/// Whether the numbers agree to `tolerance`, absolute below 1, relative above.
func agree(_ found: [Float], _ expected: [Float], tolerance: Float) -> Bool {
  found.count == expected.count
    && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}
