public import Metrics
public import Patterns

/// The strategy that a search came to, with everything that its file says.
public struct SearchResult: Sendable {
  /// The strategy, measured on every image of the split.
  public var step: SearchStep
  /// How its model is made: as all others, or with its layers solved again where that gained accuracy.
  public var method: PruningMethod
  /// The strategy's file.
  public var file: StrategyFile
  /// The time of one image beside the dense model's; nil unless the target is of latency.
  public var latency: LatencyComparison?

  /// The accuracy on every image.
  public var accuracy: Accuracy { step.measurement.accuracy }
}
