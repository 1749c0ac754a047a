import Formats
import Tensors
import Testing
import Training

@Suite struct OptimizerTests {
  struct Golden: Sendable {
    let settings: OptimizerSettings
    let decaying: [Float]
    let free: [Float]
  }

  /// Made with PyTorch 2.15: two parameters start at [1, -2, 0.5], one in a group with
  /// `weight_decay=0.01`, the other in one without; both are given the gradients and learning rates of
  /// `steps` by `torch.optim.SGD` or `torch.optim.AdamW`.
  static let goldens = [
    Golden(
      settings: .sgd(momentum: 0, isNesterov: false),
      decaying: [0.969894946, -2.15456486, 0.283966094],
      free: [0.972500026, -2.16000009, 0.285000026]),
    Golden(
      settings: .sgd(momentum: 0.9, isNesterov: false),
      decaying: [0.897904098, -2.18868852, 0.00560507737],
      free: [0.902660012, -2.19851995, 0.00744001288]),
    Golden(
      settings: .sgd(momentum: 0.9, isNesterov: true),
      decaying: [0.878237903, -2.32438207, -0.160219178],
      free: [0.884893954, -2.33866811, -0.158303991]),
    Golden(
      settings: .adamW(),
      decaying: [0.816734731, -1.96232665, 0.30859375],
      free: [0.819199145, -1.96758997, 0.309733659]),
    Golden(
      settings: .adamW(beta1: 0, beta2: 0.99, epsilon: 1e-3),
      decaying: [0.905453324, -2.00724697, 0.382845938],
      free: [0.90795207, -2.01256561, 0.384041309]),
  ]

  static let steps: [(gradient: [Float], rate: Float)] = [
    ([0.5, -1, 2], 0.1), ([0.25, 3, -0.5], 0.1), ([-1, 0, 1], 0.05), ([0.125, -2, 0.75], 0.02),
  ]

  private func optimizer(_ settings: OptimizerSettings) -> Optimizer {
    Optimizer(
      Recipe(
        model: "m", train: .archive("d"), holdout: 1, optimizer: settings, weightDecay: 0.01))
  }

  @Test(arguments: goldens) func agreesWithPyTorch(golden: Golden) {
    var parameters = Parameters()
    let start = Tensor<Float>(shape: [3], scalars: [1, -2, 0.5])
    let (decaying, free) = (parameters.add("weight", start), parameters.add("bias", start))
    var optimizer = optimizer(golden.settings)
    for (gradient, rate) in Self.steps {
      let gradient = Tensor(shape: [3], scalars: gradient)
      optimizer.update(
        &parameters, gradients: [gradient, gradient], learningRate: rate, decays: [true, false])
    }
    #expect(agree(parameters[decaying].scalars, golden.decaying, tolerance: 1e-5))
    #expect(agree(parameters[free].scalars, golden.free, tolerance: 1e-5))
  }

  @Test(arguments: goldens) func fitsOnlyItsParameters(golden: Golden) {
    var generator = SeededGenerator(seed: 1)
    var parameters = generator.parameters()
    var other = Parameters()
    _ = other.add("w", Tensor(shape: [2], repeating: 0))
    var optimizer = optimizer(golden.settings)
    #expect(optimizer.fits(parameters) && optimizer.fits(other))
    optimizer.update(
      &parameters, gradients: generator.gradients(of: parameters), learningRate: 0.1,
      decays: [true, false, true])
    #expect(optimizer.fits(parameters) && !optimizer.fits(other))
  }
}
