/// How much better than expected each step was, and the returns that the value head should have predicted.
public struct Advantages: Sendable, Hashable {
  /// One number a step.
  public let advantages: [Float]
  /// One number a step: advantage plus estimated value, TD(lambda) returns.
  public let returns: [Float]

  /// Generalised advantage estimation (arXiv 1506.02438, eq. 16; arXiv 1707.06347, eq. 11 and 12):
  ///
  ///     delta_t = r_t + discount V_t+1 - V_t
  ///     A_t = delta_t + discount lambda A_t+1
  ///
  /// where nothing follows a terminal step and `bootstrapValue` follows the last one.
  public init(
    rewards: [Float], values: [Float], isTerminal: [Bool], bootstrapValue: Float,
    discount: Float, lambda: Float
  ) {
    precondition(
      rewards.count == values.count && rewards.count == isTerminal.count,
      "every step needs a reward, a value and an end flag")
    var advantages = Array(repeating: Float.zero, count: rewards.count)
    var nextValue = bootstrapValue
    var nextAdvantage: Float = 0
    for t in rewards.indices.reversed() {
      if isTerminal[t] { (nextValue, nextAdvantage) = (0, 0) }
      let delta = rewards[t] + discount * nextValue - values[t]
      advantages[t] = delta + discount * lambda * nextAdvantage
      (nextValue, nextAdvantage) = (values[t], advantages[t])
    }
    self.advantages = advantages
    returns = zip(advantages, values).map { $0 + $1 }
  }

  /// The estimates for a rollout.
  public init(_ rollout: Rollout, discount: Float, lambda: Float) {
    self.init(
      rewards: rollout.steps.map(\.reward), values: rollout.steps.map(\.action.value),
      isTerminal: rollout.steps.map(\.isTerminal), bootstrapValue: rollout.bootstrapValue,
      discount: discount, lambda: lambda)
  }
}
