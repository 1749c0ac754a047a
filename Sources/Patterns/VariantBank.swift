public import Engine
internal import LinearAlgebra
internal import ModelGraph
internal import Synchronization

/// Every choice for every unit of a model, worked out in advance: which masks and channels, and the
/// reconstructed weights of the layers that change. Strategies are put together from them in milliseconds.
///
/// A layer whose taps and whose input channels are both pruned is solved when it is first wanted, and kept from
/// then on. Masks are those chosen for the whole layer; filters that go take theirs with them.
public final class VariantBank: Sendable {
  /// The decisions.
  public let space: PruningSpace
  /// Who shares the masks of a convolution.
  public let granularity: MaskErrors.Granularity
  let reconstruction: Reconstruction
  let table: Mutex<VariantTable>

  /// A bank of what is known already.
  init(
    _ space: PruningSpace, _ reconstruction: Reconstruction,
    granularity: MaskErrors.Granularity, table: VariantTable
  ) {
    self.space = space
    self.reconstruction = reconstruction
    self.granularity = granularity
    self.table = Mutex(table)
  }

  /// Works out every variant, on as many threads as the reconstruction has.
  ///
  /// - Parameter progress: called on some thread with the variants that are done and those there are.
  /// - Returns: nil if `cancellation` was asked for.
  public convenience init?(
    _ space: PruningSpace, _ reconstruction: Reconstruction,
    granularity: MaskErrors.Granularity = .block(8), cancellation: Cancellation? = nil,
    progress: @Sendable (Int, Int) -> Void = { _, _ in }
  ) {
    self.init(space, reconstruction, granularity: granularity, table: VariantTable())
    // Layers are worked out side by side, so each on one thread.
    let keys = variantKeys
    let done = Atomic(0)
    let groups = space.units.compactMap { unit -> Int? in
      if case .channels(let group) = unit.target { group } else { nil }
    }
    _ = Parallel.map(groups.count, threads: reconstruction.threads) { index in
      if cancellation?.isRequested != true { _ = order(ofGroup: groups[index]) }
    }
    _ = Parallel.map(keys.count, threads: reconstruction.threads) { index in
      guard cancellation?.isRequested != true else { return }
      _ = variant(keys[index])
      progress(done.add(1, ordering: .relaxed).newValue, keys.count)
    }
    if cancellation?.isRequested == true { return nil }
  }

  /// The variants of single choices: of each layer's taps, and of the channels that it reads.
  private var variantKeys: [LayerVariant.Key] {
    reconstruction.layers.keys.sorted().flatMap { node -> [LayerVariant.Key] in
      func menu(_ unit: Int?) -> [Pattern] {
        unit.map { space.units[$0].menu.filter { $0 != .dense } } ?? []
      }
      let (taps, inputs) = (menu(space.tapUnit[node]), menu(inputUnit(of: node)))
      return taps.map { LayerVariant.Key(node: node, taps: $0) }
        + inputs.map { LayerVariant.Key(node: node, inputs: $0) }
    }
  }

  /// The unit that prunes the channels that a layer reads and mixes.
  private func inputUnit(of node: Int) -> Int? {
    let group = space.groups.groupOfNode[space.graph.nodes[node].inputs[0]]
    let isReader = space.groups.groups[group].consumers.contains { $0.node == node }
    return isReader ? space.channelUnit[space.graph.nodes[node].inputs[0]] : nil
  }

  /// The channels of a group, first the one to go first.
  func order(ofGroup group: Int) -> [Int] {
    if let known = table.withLock({ $0.orders[group] }) { return known }
    let order =
      reconstruction.eliminationOrder(ofGroup: group)
      ?? {
        let energy = WeightEnergy(reconstruction.model).channels(of: space.groups.groups[group])
        return energy.indices.sorted { (energy[$0], $1) < (energy[$1], $0) }
      }()
    table.withLock { $0.orders[group] = order }
    return order
  }

  /// The channels of a group that stay under a pattern, ascending; nil if all do.
  private func kept(ofGroup group: Int, _ pattern: Pattern) -> [Int]? {
    let channels = space.groups.groups[group].channels
    guard let count = pattern.keptChannels(of: channels), count < channels else { return nil }
    return order(ofGroup: group).suffix(count).sorted()
  }

  /// A variant, worked out unless it is known.
  func variant(_ key: LayerVariant.Key) -> LayerVariant? {
    if let known = table.withLock({ $0.variants[key] }) { return known }
    guard let layer = reconstruction.layers[key.node] else { return nil }
    let graph = space.graph
    var masks: [TapMask]?
    if let taps = key.taps {
      masks =
        key.inputs == nil
        ? chosenMasks(taps, node: key.node)
        : variant(LayerVariant.Key(node: key.node, taps: taps))?.masks
    }
    let weight = graph.weight(of: key.node)?.shape ?? []
    let spanned = weight.dropFirst(2).reduce(1, *)
    var features = Array(0..<layer.features)
    if let inputs = key.inputs {
      let source = graph.nodes[key.node].inputs[0]
      let group = space.groups.groupOfNode[source]
      let perChannel = layer.features / space.groups.groups[group].channels
      if let kept = kept(ofGroup: group, inputs) {
        features = kept.flatMap { $0 * perChannel..<($0 + 1) * perChannel }
      }
    }
    let mask = masks.map { masks in
      masks.flatMap { mask in features.map { mask.keeps($0 % spanned) } }
    }
    let part = layer.reconstructed(
      KeptFeatures(filters: Array(0..<layer.filters), features: features, mask: mask))
    let variant = LayerVariant(
      masks: masks,
      weights: part?.weights ?? layer.weights.map { Float($0) },
      shifts: part?.shifts ?? [Float](repeating: 0, count: layer.filters))
    table.withLock { $0.variants[key] = variant }
    return variant
  }

  private func chosenMasks(_ pattern: Pattern, node: Int) -> [TapMask]? {
    if let errors = reconstruction.maskErrors(pattern, node: node, threads: 1) {
      return errors.assignment(granularity)
    }
    guard case .convolution(let conv) = space.graph.nodes[node].op else { return nil }
    return pattern.masks(
      forEnergy: WeightEnergy(reconstruction.model).taps(ofNode: node), kernel: conv.kernel)
  }

  /// Applies a strategy from the menus: the model it makes, reconstructed.
  ///
  /// - Throws: `PatternError` if a choice is not legal for its unit.
  public func apply(_ strategy: Strategy) throws(PatternError) -> PrunedModel {
    let model = reconstruction.model
    for (index, pattern) in strategy.choices.enumerated() where !space.allows(pattern, for: index) {
      throw PatternError("pattern \(pattern.name) does not fit unit '\(space.units[index].name)'")
    }
    var kept = [[Int]?](repeating: nil, count: space.groups.groups.count)
    for (index, unit) in space.units.enumerated() {
      guard case .channels(let group) = unit.target else { continue }
      kept[group] = self.kept(ofGroup: group, strategy.choices[index])
    }
    let smaller: Model
    do {
      smaller = try ChannelRemoval(model: model, groups: space.groups, kept: kept).apply()
    } catch {
      throw PatternError("the strategy cannot be applied: \(error)")
    }
    var parameters = smaller.parameters
    var masks: [Int: [TapMask]] = [:]
    var corrections: [Int: Calibration.Correction] = [:]
    for (node, layer) in reconstruction.layers {
      var key = LayerVariant.Key(node: node)
      key.taps = choice(strategy, space.tapUnit[node])
      key.inputs = choice(strategy, inputUnit(of: node))
      guard key != LayerVariant.Key(node: node), let variant = variant(key),
        let weight = model.graph.weight(of: node)
      else { continue }
      let filters = kept[space.groups.groupOfNode[node]] ?? Array(0..<layer.filters)
      let part = variant.keeping(filters)
      parameters[weight.name]?.values = part.weights
      corrections[node] = Calibration.Correction(
        scale: part.shifts.map { _ in 1 }, shift: part.shifts)
      if let own = variant.masks { masks[node] = filters.map { own[$0] } }
    }
    maskWithoutMoments(strategy, &parameters, &masks, kept: kept)
    let pruned = PrunedModel(
      model: smaller.replacing(parameters), masks: masks, keptChannels: kept,
      cost: space.cost(of: strategy))
    do {
      return pruned.replacing(try pruned.model.correcting(corrections))
    } catch {
      preconditionFailure("a reconstructed model has the shapes of the pruned one: \(error)")
    }
  }

  /// Masks layers without moments, by energy; there is nothing to reconstruct them with.
  private func maskWithoutMoments(
    _ strategy: Strategy, _ parameters: inout [String: Parameter], _ masks: inout [Int: [TapMask]],
    kept: [[Int]?]
  ) {
    for node in space.graph.nodes.indices where reconstruction.layers[node] == nil {
      guard let pattern = choice(strategy, space.tapUnit[node]),
        let chosen = chosenMasks(pattern, node: node), let weight = space.graph.weight(of: node)
      else { continue }
      let filters = kept[space.groups.groupOfNode[node]] ?? Array(chosen.indices)
      masks[node] = filters.map { chosen[$0] }
      parameters[weight.name]?.mask(by: filters.map { chosen[$0] })
    }
  }

  /// What a strategy chooses for a unit; nil if that is to stay as it is.
  private func choice(_ strategy: Strategy, _ unit: Int?) -> Pattern? {
    guard let unit, strategy.choices[unit] != .dense else { return nil }
    return strategy.choices[unit]
  }
}
