/// The correction of a pruned model before it is measured or written. All but the first need calibration
/// images; without any they do nothing.
public enum Correction: String, CaseIterable, Sendable, Codable {
  /// Nothing: weights are zero or as they were.
  case none
  /// Each channel's mean and deviation are those of the dense model again.
  case matched
  /// Each layer has the least-squares weights for the inputs and taps that it keeps.
  case reconstructed
  /// Reconstructed, then matched.
  case reconstructedAndMatched = "both"
  /// Reconstructed, then solved again layer by layer on what the pruned network itself yields, then
  /// matched: for the strategies that matter, as it takes a while.
  case resolved

  /// The same decisions without what takes the pruned network over the images.
  public var decisions: Correction { self == .none || self == .matched ? .none : .reconstructed }
}
