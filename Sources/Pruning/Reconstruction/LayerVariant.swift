internal import ModelGraph
internal import Patterns

/// A pruned layer of the dense model, reconstructed.
struct LayerVariant: Hashable, Sendable {
  /// The key of a variant.
  struct Key: Hashable, Sendable {
    let node: Int
    /// The pattern of the weights; nil if they stay.
    let pattern: Pattern?
    /// The input channels that stay, in their order; nil if all stay where they are.
    let inputs: [Int]?
    /// The filters that stay, in their order, as neighbours share masks; nil if all stay where they are.
    let filters: [Int]?

    /// The rest of the layer at `node` under a pattern: the filters count where they share masks.
    init(_ pattern: Pattern, _ node: Int, _ left: KeptFeatures) {
      self.init(
        node: node, pattern: pattern == .dense ? nil : pattern, inputs: left.inputs,
        filters: pattern == .dense ? nil : left.keptFilters)
    }

    init(node: Int, pattern: Pattern?, inputs: [Int]?, filters: [Int]?) {
      self.node = node
      self.pattern = pattern
      self.inputs = inputs
      self.filters = filters
    }
  }

  /// Which weights stay, `[filters][kept features]`; nil if all do.
  let kept: [Bool]?
  /// The mask of each filter, where whole taps are chosen.
  let masks: [TapMask]?
  /// `[filters][kept features]`, zeros where they are masked.
  let weights: [Float]
  /// The shift of each filter's output behind the batch-norm.
  let shifts: [Float]

  /// Bytes that it takes.
  var byteCount: Int {
    (weights.count + shifts.count) * 4 + (kept?.count ?? 0)
      + (masks?.count ?? 0) * MemoryLayout<TapMask>.stride
  }

  /// The rows of some filters; all if nil.
  func keeping(_ filters: [Int]?) -> LayerReconstruction.Solution {
    let width = weights.count / max(shifts.count, 1)
    guard let filters else { return LayerReconstruction.Solution(weights: weights, shifts: shifts) }
    return LayerReconstruction.Solution(
      weights: filters.flatMap { weights[$0 * width..<($0 + 1) * width] },
      shifts: filters.map { shifts[$0] })
  }
}
