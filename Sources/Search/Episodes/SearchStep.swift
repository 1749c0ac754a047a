public import Patterns

/// One proposal of the agent, evaluated.
public struct SearchStep: Hashable, Sendable, Codable {
  /// The strategy within the budget.
  public var strategy: Strategy
  /// Its cost and accuracy.
  public var measurement: Measurement
  /// How good the strategy is; see `Measurement.score`.
  public var score: Double
  /// What it gained over the strategy that it was made from (see `Trial.gain`), less the weighted excess; 0 for one that
  /// was not made from another. The agent learns from the gains of every look, beside those of their generation.
  public var reward: Double
  /// How far the agent's own proposal was over the budget, as a share of the dense cost.
  public var excess: Double
  /// The predicted time of an image, as a share of the dense model's; nil if choices were never timed.
  public var latency: Double?

  /// A step with what was measured of it.
  public init(
    strategy: Strategy, measurement: Measurement, score: Double, reward: Double, excess: Double,
    latency: Double? = nil
  ) {
    self.strategy = strategy
    self.measurement = measurement
    self.score = score
    self.reward = reward
    self.excess = excess
    self.latency = latency
  }

  /// Reads a step; one of an older version has no score but its reward.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    strategy = try values.decode(Strategy.self, forKey: .strategy)
    measurement = try values.decode(Measurement.self, forKey: .measurement)
    reward = try values.decode(Double.self, forKey: .reward)
    score = try values.decodeIfPresent(Double.self, forKey: .score) ?? reward
    excess = try values.decode(Double.self, forKey: .excess)
    latency = try values.decodeIfPresent(Double.self, forKey: .latency)
  }

  /// The cost in a resource, to be compared with other steps of the same model: MACs, or a share of the
  /// dense time. Nil if that is unknown.
  public func cost(of resource: Target.Resource) -> Double? {
    switch resource {
    case .macs: Double(measurement.cost.macs)
    case .latency: latency
    }
  }
}
