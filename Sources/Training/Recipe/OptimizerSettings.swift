/// Which optimiser a recipe asks for.
public enum OptimizerSettings: Sendable, Hashable {
  /// Stochastic gradient descent with momentum.
  case sgd(momentum: Float = 0.9, isNesterov: Bool = true)
  /// Adam with decoupled weight decay (arXiv 1711.05101).
  case adamW(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8)
}
