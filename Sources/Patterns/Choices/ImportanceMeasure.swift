/// The measure that decides which channels and weights of a dense model stay.
public enum ImportanceMeasure: String, CaseIterable, Sendable, Codable {
  /// The squared weights, scaled as batch-norm scales them: needs no images.
  case energy
  /// The change of the loss to first order; see `TaylorImportance`.
  case taylor
  /// The error that the rest cannot make up for by least squares.
  case reconstruction
}
