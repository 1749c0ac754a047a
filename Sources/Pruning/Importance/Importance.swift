internal import ModelGraph
internal import Patterns

/// A measure of how much the channels and weights of a dense model matter.
protocol Importance {
  /// How much each channel of a group matters; those that matter least go.
  func channels(ofGroup number: Int, _ groups: ChannelGroups) -> [Float]

  /// An order of the filters left at `node` in which those stand together that are best masked alike, as
  /// places in `left.filters`; nil if any order is as good.
  func order(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> [Int]?

  /// Which of the weights left at `node` stay under a pattern that fits them.
  func mask(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> WeightMask
}

extension Importance {
  /// Filters stay where they are.
  func order(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> [Int]? { nil }
}

/// Which weights of a layer stay.
struct WeightMask {
  /// For each weight, `[filters][inputs][taps]`.
  let kept: [Bool]
  /// The mask of each filter, where whole taps are chosen.
  let filters: [TapMask]?

  /// Masks of taps, one a filter, the same for all of so many inputs.
  init(_ filters: [TapMask], inputs: Int) {
    self.filters = filters
    kept = filters.flatMap { mask in
      (0..<inputs * mask.kernel.area).map { mask.keeps($0 % mask.kernel.area) }
    }
  }

  /// Any weights.
  init(_ kept: [Bool], filters: [TapMask]? = nil) {
    self.kept = kept
    self.filters = filters
  }
}
