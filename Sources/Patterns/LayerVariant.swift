internal import LinearAlgebra
internal import ModelGraph

/// A layer of the dense model with one choice for its taps and one for its input channels, reconstructed; all
/// filters, so that whichever of them a strategy keeps can be taken from it.
struct LayerVariant: Hashable, Sendable {
  /// What tells one variant from another.
  struct Key: Hashable, Sendable {
    let node: Int
    /// The pattern of the taps; nil if they stay.
    var taps: Pattern?
    /// The pattern of the channels that the layer reads; nil if they stay.
    var inputs: Pattern?
  }

  /// The mask of each filter; nil if all taps stay.
  let masks: [TapMask]?
  /// `[filters][kept features]`, zeros where they are masked.
  let weights: [Float]
  /// What is added to each filter's output behind the batch-norm.
  let shifts: [Float]

  /// The rows of some filters.
  func keeping(_ filters: [Int]) -> DenseLayer.Reconstructed {
    let width = weights.count / max(shifts.count, 1)
    guard filters.count < shifts.count else {
      return DenseLayer.Reconstructed(weights: weights, shifts: shifts)
    }
    return DenseLayer.Reconstructed(
      weights: filters.flatMap { weights[$0 * width..<($0 + 1) * width] },
      shifts: filters.map { shifts[$0] })
  }
}

/// What a bank knows: decisions and the layers that follow from them.
struct VariantTable: Sendable {
  /// For each group that a unit prunes, its channels, first the one to go first.
  var orders: [Int: [Int]] = [:]
  var variants: [LayerVariant.Key: LayerVariant] = [:]
}
