internal import Engine
internal import ModelGraph
public import Patterns
internal import Synchronization
public import Threads

/// Every choice for every unit of a model, worked out in advance: which weights and channels stay, and the
/// reconstructed weights of the layers that change (compare SPDY, arXiv 2201.09871). Strategies are put
/// together from them in milliseconds.
///
/// Where a layer's weights and its channels are both pruned it is solved when it is first wanted, and kept
/// from then on.
public final class VariantBank: Sendable {
  /// The decisions.
  public let space: PruningSpace
  /// What the variants are solved by.
  public let reconstruction: Reconstruction
  let table: Mutex<VariantTable>
  private let decisions: ReconstructionImportance

  /// A bank of what is known already.
  init(
    _ space: PruningSpace, _ reconstruction: Reconstruction, table: VariantTable
  ) {
    self.space = space
    self.reconstruction = reconstruction
    self.table = Mutex(table)
    decisions = ReconstructionImportance(reconstruction, threads: 1)
  }

  /// An empty bank: what a strategy needs is worked out when it is applied, and kept.
  public convenience init(
    onDemand space: PruningSpace, _ reconstruction: Reconstruction
  ) {
    self.init(space, reconstruction, table: VariantTable())
  }

  /// Works out every choice by itself, on as many threads as the reconstruction has.
  ///
  /// - Parameter progress: called on some thread with the variants that are done and those there are.
  /// - Returns: nil if `cancellation` was asked for.
  public convenience init?(
    _ space: PruningSpace, _ reconstruction: Reconstruction, cancellation: Cancellation? = nil,
    progress: @Sendable (Int, Int) -> Void = { _, _ in }
  ) {
    self.init(onDemand: space, reconstruction)
    // Layers are worked out side by side, so each on one thread.
    let groups = space.units.compactMap { unit -> Int? in
      if case .channels(let group) = unit.target { group } else { nil }
    }
    _ = parallelMap(groups.count, threads: reconstruction.threads) { index in
      if cancellation?.isRequested != true { _ = channels(ofGroup: groups[index], space.groups) }
    }
    let choices = space.units.indices.flatMap { unit in
      space.units[unit].menu.dropFirst().map { (unit: unit, pattern: $0) }
    }
    let done = Atomic(0)
    _ = parallelMap(choices.count, threads: reconstruction.threads) { index in
      guard cancellation?.isRequested != true else { return }
      for key in keys(of: choices[index].pattern, unit: choices[index].unit) { _ = variant(key) }
      progress(done.add(1, ordering: .relaxed).newValue, choices.count)
    }
    if cancellation?.isRequested == true { return nil }
  }

  /// The variants that one choice needs when everything else is dense: of the layer whose weights it masks,
  /// of those that read its channels.
  private func keys(of pattern: Pattern, unit: Int) -> [LayerVariant.Key] {
    var strategy = Strategy(denseFor: space)
    strategy.choices[unit] = pattern
    let kept = space.reordered(space.keptChannels(strategy, self), strategy, self)
    let indices = space.graph.nodes.indices.map { space.groups.keptIndices(ofNode: $0, kept: kept) }
    return space.nodesOfUnit[unit].compactMap { node in
      guard reconstruction.layers[node] != nil,
        let left = KeptFeatures(ofNode: node, of: space.graph, kept: indices)
      else { return nil }
      let own = space.weightUnit[node] == unit ? pattern : .dense
      return own == .dense && left.inputs == nil ? nil : key(own, node, left)
    }
  }

  /// A variant of a layer that has moments, worked out unless it is known.
  private func variant(_ key: LayerVariant.Key) -> LayerVariant? {
    if let known = table.withLock({ $0.variants[key] }) { return known }
    guard let layer = reconstruction.layers[key.node],
      var left = KeptFeatures(
        ofNode: key.node, of: space.graph, inputs: key.inputs, filters: key.filters)
    else { return nil }
    let mask = key.pattern.map { decisions.mask($0, ofNode: key.node, left, space.sharing) }
    left.mask = mask?.kept
    let part = layer.reconstructed(left) ?? layer.unchanged(left)
    let variant = LayerVariant(
      kept: mask?.kept, masks: mask?.filters, weights: part.weights, shifts: part.shifts)
    table.withLock { $0.variants[key] = variant }
    return variant
  }

  /// Applies a strategy: the model it makes, reconstructed.
  ///
  /// - Throws: `PatternError` if a choice is not legal for its unit.
  public func apply(_ strategy: Strategy) throws(PatternError) -> PrunedModel {
    let graph = space.graph
    let pruned = try space.apply(strategy, to: reconstruction.model, by: self)
    var solved: [Int: DenseLayer.Reconstructed] = [:]
    for node in reconstruction.layers.keys {
      let pattern = space.weightUnit[node].map { strategy.choices[$0] } ?? .dense
      guard
        let left = KeptFeatures(ofNode: node, of: graph, kept: pruned.keptIndices),
        pattern != .dense || left.inputs != nil,
        let variant = variant(key(pattern, node, left))
      else { continue }
      // Without masks filters have nothing to do with each other: those that stay are taken.
      solved[node] = variant.keeping(pattern == .dense ? left.keptFilters : nil)
    }
    return pruned.replacing(solved)
  }

  private func key(_ pattern: Pattern, _ node: Int, _ left: KeptFeatures) -> LayerVariant.Key {
    LayerVariant.Key(
      node: node, pattern: pattern == .dense ? nil : pattern, inputs: left.inputs,
      filters: pattern == .dense ? nil : left.keptFilters)
  }
}

extension VariantBank: Importance {
  func channels(ofGroup number: Int, _ groups: ChannelGroups) -> [Float] {
    if let known = table.withLock({ $0.importance[number] }) { return known }
    let importance = decisions.channels(ofGroup: number, groups)
    table.withLock { $0.importance[number] = importance }
    return importance
  }

  func order(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> [Int]? {
    let key = key(pattern, node, left)
    if let known = table.withLock({ $0.orders[key] }) { return known }
    guard let order = decisions.order(pattern, ofNode: node, left, sharing) else { return nil }
    table.withLock { $0.orders[key] = order }
    return order
  }

  func mask(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> WeightMask {
    guard let variant = variant(key(pattern, node, left)), let kept = variant.kept else {
      return decisions.mask(pattern, ofNode: node, left, sharing)
    }
    return WeightMask(kept, filters: variant.masks)
  }
}
