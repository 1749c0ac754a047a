internal import ModelGraph
internal import Patterns

/// Decides as reconstruction does, and remembers: which channels and weights stay, and what is left of a layer.
struct VariantImportance: Importance {
  let space: PruningSpace
  let reconstruction: Reconstruction
  let cache: VariantCache
  private let decisions: ReconstructionImportance

  init(_ space: PruningSpace, _ reconstruction: Reconstruction, _ cache: VariantCache) {
    self.space = space
    self.reconstruction = reconstruction
    self.cache = cache
    decisions = ReconstructionImportance(reconstruction)
  }

  /// The rest of a layer under a pattern; nil if nothing of it changes, or if it has no moments.
  func variant(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures
  ) -> LayerVariant? {
    guard pattern != .dense || left.inputs != nil, let layer = reconstruction.layers[node]
    else { return nil }
    let key = LayerVariant.Key(pattern, node, left)
    return cache.variant(key) {
      // Without masks filters have nothing to do with each other: all are solved for.
      guard
        var left = KeptFeatures(
          ofNode: node, of: space.graph, inputs: key.inputs, filters: key.filters)
      else { return nil }
      // Layers that share their weight have the mask of the first of them.
      let first = space.weightUnit[node].flatMap { space.nodesOfUnit[$0].first } ?? node
      let mask = key.pattern.map {
        decisions.mask($0, ofNode: first, left, $0.sharing(space.sharing))
      }
      left.mask = mask?.kept
      let solution = layer.solution(left) ?? layer.unchanged(left)
      return LayerVariant(
        kept: mask?.kept, masks: mask?.filters, weights: solution.weights, shifts: solution.shifts)
    }
  }

  func channels(ofGroup number: Int, _ groups: ChannelGroups) -> [Float] {
    cache.value(\.importance, number) { decisions.channels(ofGroup: number, groups) } ?? []
  }

  func order(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> [Int]? {
    cache.value(\.orders, LayerVariant.Key(pattern, node, left)) {
      decisions.order(pattern, ofNode: node, left, sharing)
    }
  }

  func mask(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> WeightMask {
    guard let variant = variant(pattern, ofNode: node, left), let kept = variant.kept else {
      return decisions.mask(pattern, ofNode: node, left, sharing)
    }
    return WeightMask(kept, filters: variant.masks)
  }
}
