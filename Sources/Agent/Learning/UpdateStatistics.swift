/// The statistics of one update: means over its minibatches, weighted by their steps.
public struct UpdateStatistics: Sendable, Hashable, Codable {
  /// The negative clipped surrogate, a unit.
  public var policyLoss: Float = 0
  /// Half the squared error of the values, in variances of the returns.
  public var valueLoss: Float = 0
  /// The entropy of a free unit's policy in nats.
  public var entropy: Float = 0
  /// The weight that the entropy had in the loss.
  public var entropyBonus: Float = 0
  /// The divergence of a free unit's policy from the one that acted, in nats: the mean of r - 1 - log r.
  public var approximateKL: Float = 0
  /// The fraction of free units whose ratio was outside the clip range.
  public var clipFraction: Float = 0
  /// The gradients' global norm before clipping.
  public var gradientNorm: Float = 0
  /// 1 - variance(return - value) / variance(return) before the update: 1 is a perfect value head.
  public var explainedVariance: Float = 0
  /// The minibatches used.
  public var minibatchCount: Int = 0
  /// Whether the divergence ended the update before its last epoch.
  public var stoppedEarly = false

  /// Creates statistics of nothing.
  public init() {}
}
