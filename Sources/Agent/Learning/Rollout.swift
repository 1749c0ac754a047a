/// One step of the environment: what was seen, what was done, and what came of it.
public struct Step: Sendable, Hashable, Codable {
  /// The observation.
  public var observation: Observation
  /// The action.
  public var action: Action
  /// The reward.
  public var reward: Float
  /// Whether the episode ended by its own rules, so that nothing more is to come.
  public var isTerminal: Bool

  /// Creates a step.
  public init(observation: Observation, action: Action, reward: Float, isTerminal: Bool) {
    self.observation = observation
    self.action = action
    self.reward = reward
    self.isTerminal = isTerminal
  }
}

/// Successive steps of one environment: part of an episode, or several episodes one after another.
public struct Rollout: Sendable, Hashable, Codable {
  /// The steps, in order.
  public var steps: [Step]
  /// The value of the state after the last step, when that step did not end its episode: the learner's
  /// `policy(for:).value` there.
  public var bootstrapValue: Float

  /// Creates a rollout.
  public init(steps: [Step] = [], bootstrapValue: Float = 0) {
    self.steps = steps
    self.bootstrapValue = bootstrapValue
  }
}
