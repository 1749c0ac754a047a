/// How a strategy is made into a model.
public struct PruningMethod: Hashable, Sendable, Codable {
  /// Which filters of a convolution have one mask.
  public var sharing: MaskSharing
  /// The importance that decides which weights stay; nil for reconstruction where weights are reconstructed, otherwise energy.
  public var importance: ImportanceMeasure?
  /// The correction of the weights that stay.
  public var correction: Correction

  /// As strategies usually are.
  public init(
    sharing: MaskSharing = .standard, importance: ImportanceMeasure? = nil,
    correction: Correction = .reconstructedAndMatched
  ) {
    self.sharing = sharing
    self.importance = importance
    self.correction = correction
  }
}
