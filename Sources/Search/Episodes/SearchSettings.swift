public import Patterns

/// How a search is run. The same settings on the same model give the same episodes.
public struct SearchSettings: Hashable, Sendable, Codable {
  /// The share of the dense model's cost that may be kept.
  public var target = Target(0.5)
  /// Of everything random.
  public var seed: UInt64 = 0
  /// Validation images that judge a step; the best strategies are measured on all of them.
  public var images: Int = 1000
  /// Steps of an episode.
  public var stepsPerEpisode: Int = 4
  /// The share of units that the prior expects a step to change.
  public var changeRate: Double = 0.1

  /// The weight of an excess over the budget in the reward; nil lets it follow the episodes.
  public var multiplier: Double?

  /// The engine that is to run the result; it decides the menus.
  public var engine: TargetEngine = .native

  /// The most that an excess can weigh.
  public static let mostMultiplier = 20.0

  /// The default settings.
  public init() {}
}
