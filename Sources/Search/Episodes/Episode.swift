public import Patterns

/// The steps from one reset to the next.
public struct Episode: Hashable, Sendable, Codable {
  /// Counted from 1.
  public var number: Int
  /// In order; at least one.
  public var steps: [SearchStep]
  /// The weight that an excess had in the reward.
  public var multiplier: Double
  /// The target that it aimed at.
  public var target: Target

  /// An episode of at least one step.
  public init(number: Int, steps: [SearchStep], multiplier: Double, target: Target) {
    precondition(!steps.isEmpty, "an episode has at least one step")
    self.number = number
    self.steps = steps
    self.multiplier = multiplier
    self.target = target
  }

  /// Reads an episode; one that was stored before targets could change has none of its own.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    number = try values.decode(Int.self, forKey: .number)
    steps = try values.decode([SearchStep].self, forKey: .steps)
    multiplier = try values.decode(Double.self, forKey: .multiplier)
    target = try values.decodeIfPresent(Target.self, forKey: .target) ?? Target(.nan)
    guard !steps.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .steps, in: values, debugDescription: "an episode without steps")
    }
  }

  /// The step with the highest score, the first of equals.
  public var best: SearchStep {
    steps.dropFirst().reduce(steps[0]) { $1.score > $0.score ? $1 : $0 }
  }
  /// The highest score of a step.
  public var score: Double { best.score }
}
