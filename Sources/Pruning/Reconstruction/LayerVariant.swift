internal import ModelGraph
internal import Patterns

/// A pruned layer of the dense model, reconstructed.
struct LayerVariant: Hashable, Sendable {
  /// What tells one variant from another.
  struct Key: Hashable, Sendable {
    let node: Int
    /// The pattern of the weights; nil if they stay.
    let pattern: Pattern?
    /// The input channels that stay, in their order; nil if all stay where they are.
    let inputs: [Int]?
    /// The filters that stay, in their order, as neighbours share masks; nil if all stay where they are.
    let filters: [Int]?
  }

  /// Which weights stay, `[filters][kept features]`; nil if all do.
  let kept: [Bool]?
  /// The mask of each filter, where whole taps are chosen.
  let masks: [TapMask]?
  /// `[filters][kept features]`, zeros where they are masked.
  let weights: [Float]
  /// What is added to each filter's output behind the batch-norm.
  let shifts: [Float]

  /// The rows of some filters; all if nil.
  func keeping(_ filters: [Int]?) -> DenseLayer.Reconstructed {
    let width = weights.count / max(shifts.count, 1)
    guard let filters else { return DenseLayer.Reconstructed(weights: weights, shifts: shifts) }
    return DenseLayer.Reconstructed(
      weights: filters.flatMap { weights[$0 * width..<($0 + 1) * width] },
      shifts: filters.map { shifts[$0] })
  }
}

/// What a bank knows: decisions and the layers that follow from them.
struct VariantTable: Sendable {
  /// For each group that a unit prunes, how much its channels matter.
  var importance: [Int: [Float]] = [:]
  /// For layers whose filters are reordered their order, as places among those that stay.
  var orders: [LayerVariant.Key: [Int]] = [:]
  var variants: [LayerVariant.Key: LayerVariant] = [:]
}
