public import Tensors

/// An optimizer; a value with all its moments, so that a training can be resumed.
public enum Optimizer: Sendable, Equatable, Codable {
  /// Stochastic gradient descent with momentum.
  case sgd(SGD)
  /// Adam with decoupled weight decay.
  case adam(Adam)

  /// The optimiser that a recipe asks for, before the first step.
  public init(_ recipe: Recipe) {
    switch recipe.optimizer {
    case .sgd(let momentum, let isNesterov):
      self = .sgd(
        SGD(
          learningRate: recipe.learningRate, momentum: momentum, isNesterov: isNesterov,
          weightDecay: recipe.weightDecay))
    case .adamW(let beta1, let beta2, let epsilon):
      self = .adam(
        Adam(
          learningRate: recipe.learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
          weightDecay: recipe.weightDecay))
    }
  }

  /// Moves every parameter one step against its gradient.
  ///
  /// - Parameters:
  ///   - gradients: one for each parameter, of its shape.
  ///   - decays: for each parameter whether it decays: weights do, biases and norms should not.
  public mutating func update(
    _ parameters: inout Parameters, gradients: [Tensor<Float>], learningRate: Float,
    decays: [Bool]
  ) {
    modify { sgd in
      sgd.learningRate = learningRate
      sgd.update(&parameters, gradients: gradients, decays: decays)
    } _: { adam in
      adam.learningRate = learningRate
      adam.update(&parameters, gradients: gradients, decays: decays)
    }
  }

  /// Forgets what was gathered for every element of a parameter whose flag in `kept` is false.
  public mutating func clearState(of key: Parameters.Key, except kept: [Bool]) {
    modify {
      $0.clearState(of: key, except: kept)
    } _: {
      $0.clearState(of: key, except: kept)
    }
  }

  /// Whether what was gathered, if anything was, belongs to parameters of this layout.
  public func fits(_ parameters: Parameters) -> Bool {
    switch self {
    case .sgd(let sgd): sgd.fits(parameters)
    case .adam(let adam): adam.fits(parameters)
    }
  }

  /// The enum lets go of its value while that is changed: the moments, as large as the network, would be
  /// copied at every step otherwise.
  private mutating func modify(_ sgd: (inout SGD) -> Void, _ adam: (inout Adam) -> Void) {
    switch self {
    case .sgd(var value):
      self = .sgd(SGD(learningRate: 0))
      sgd(&value)
      self = .sgd(value)
    case .adam(var value):
      self = .sgd(SGD(learningRate: 0))
      adam(&value)
      self = .adam(value)
    }
  }
}
