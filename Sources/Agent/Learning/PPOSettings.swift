/// How the learner learns: proximal policy optimisation (arXiv 1707.06347).
///
/// The defaults suit rewards that are expensive: rollouts of a few dozen steps, each used often, in small
/// minibatches, with the KL target as the brake. What counts is the number of gradient steps an update: small
/// minibatches are no better at an equal number, only cheaper.
public struct PPOSettings: Sendable, Hashable, Codable {
  /// The worth of a reward one step later.
  public var discount: Float = 0.99
  /// The decay of generalised advantage estimation: 0 trusts the value head, 1 the rewards.
  public var lambda: Float = 0.95
  /// How far a choice's probability ratio may move before its gradient vanishes.
  public var clip: Float = 0.2
  /// How far a value, in deviations of the returns, may move before its gradient vanishes; nil does not
  /// clip, which is rarely worse (arXiv 2006.05990).
  public var valueClip: Float?
  /// The weight of the value loss.
  public var valueCoefficient: Float = 0.5
  /// The weight of the mean entropy a unit, in nats, at the first update.
  public var initialEntropyBonus: Float = 0.01
  /// The weight after annealing.
  public var finalEntropyBonus: Float = 0.001
  /// The updates over which the weight goes linearly from the first to the last.
  public var entropyAnnealingUpdates: Int = 100
  /// The passes over a rollout.
  public var epochCount: Int = 8
  /// The steps in each minibatch.
  public var minibatchSize: Int = 8
  /// The mean KL divergence a unit, in nats, at 1.5 times which an update stops; nil never stops.
  public var targetKL: Float? = 0.02
  /// Adam's step length.
  public var learningRate: Float = 2e-3
  /// The largest global norm of the gradients.
  public var maximumGradientNorm: Float = 0.5

  /// Creates the default settings.
  public init() {}

  /// The entropy bonus after `updates` updates.
  func entropyBonus(after updates: Int) -> Float {
    let progress = min(1, Float(updates) / Float(max(1, entropyAnnealingUpdates)))
    return initialEntropyBonus + (finalEntropyBonus - initialEntropyBonus) * progress
  }

  /// The fault of the settings; nil without one.
  var fault: String? {
    let numbers = [
      clip, valueCoefficient, initialEntropyBonus, finalEntropyBonus, learningRate,
      maximumGradientNorm, valueClip ?? 0, targetKL ?? 0,
    ]
    if !numbers.allSatisfy({ $0.isFinite && $0 >= 0 }) { return "a PPO setting is negative" }
    if !(0...1).contains(discount) { return "the discount is \(discount), outside 0...1" }
    if !(0...1).contains(lambda) { return "lambda is \(lambda), outside 0...1" }
    if epochCount < 1 || minibatchSize < 1 { return "an update needs epochs and minibatches" }
    return nil
  }
}
