/// One choice for every unit, and what the learner thought when it made it.
public struct Action: Sendable, Hashable, Codable {
  /// The menu index chosen for each unit.
  public var choices: [Int]
  /// The natural logarithm of each choice's probability.
  public var logProbabilities: [Float]
  /// The estimated discounted reward from here on.
  public var value: Float
  /// The entropy of the joint policy in nats: the sum over the units.
  public var entropy: Float

  /// Creates an action.
  public init(choices: [Int], logProbabilities: [Float], value: Float, entropy: Float) {
    self.choices = choices
    self.logProbabilities = logProbabilities
    self.value = value
    self.entropy = entropy
  }

  /// The logarithm of the joint probability: units choose independently, given the observation.
  public var logProbability: Float { logProbabilities.reduce(0, +) }
}

/// How a choice is made from its probabilities.
public enum ActionMode: Sendable, Hashable {
  /// At random with these probabilities.
  case sample
  /// The most probable one, the first among equals.
  case greedy
  /// These entries of the menus, one a unit; the first of a menu that does not have it.
  case given([Int])
}

/// The learner's view of an observation.
public struct Policy: Sendable, Hashable {
  /// The probability of each menu entry of each unit; 0 for illegal ones.
  public let probabilities: [[Float]]
  /// The estimated discounted reward from here on.
  public let value: Float
  /// The entropy of the joint policy in nats.
  public let entropy: Float
}
