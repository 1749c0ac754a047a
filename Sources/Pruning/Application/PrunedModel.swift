internal import Engine
public import ModelGraph
public import Patterns

/// A model with a strategy applied: channels removed, masked weights zero. What is run and written is what
/// `lowered()` makes of it.
public struct PrunedModel: Sendable {
  /// The smaller model; its nodes have the names and the order of the dense one's.
  public let model: Model
  /// For each node whose taps are pruned, the mask of each remaining filter.
  public let masks: [Int: [TapMask]]
  /// For each masked weight, by the name of its parameter, which of its elements stay.
  public let keptWeights: [String: [Bool]]
  /// For each node of which every filter masks the same inputs the inputs that stay, as places along the second
  /// axis of its weight, ascending.
  public let keptInputs: [Int: [Int]]
  /// For each node the indices of its channel axis in the dense model that stay, in their new order; nil
  /// if all stay where they are.
  public let keptIndices: [[Int]?]
  /// What it costs.
  public let cost: Cost
}

extension PrunedModel {
  /// The same pruning with other values in the model, which is what a correction leaves.
  public func replacing(_ model: Model) -> PrunedModel {
    PrunedModel(
      model: model, masks: masks, keptWeights: keptWeights, keptInputs: keptInputs,
      keptIndices: keptIndices, cost: cost)
  }

  /// The same pruning with other weights in some layers, by node, and what their outputs are shifted by.
  func replacing(_ layers: [Int: DenseLayer.Reconstructed]) -> PrunedModel {
    var parameters = model.parameters
    for (node, layer) in layers {
      guard let weight = model.graph.weight(of: node) else { continue }
      parameters[weight.name]?.values = layer.weights
    }
    let corrections = layers.mapValues {
      Calibration.Correction(scale: $0.shifts.map { _ in 1 }, shift: $0.shifts)
    }
    do {
      return replacing(try model.replacing(parameters).correcting(corrections))
    } catch {
      preconditionFailure("a reconstructed model has the shapes of the pruned one: \(error)")
    }
  }
}

extension PruningSpace {
  /// Applies `strategy` to a copy of `model`. The same model and strategy give the same masks.
  ///
  /// Channels go first, those with least energy; then the masks that keep most energy of what is left
  /// are chosen.
  /// - Parameter model: trained, with this space's graph.
  /// - Throws: `PatternError` if a choice is not legal for its unit.
  public func apply(_ strategy: Strategy, to model: Model) throws(PatternError) -> PrunedModel {
    try apply(strategy, to: model, by: WeightEnergy(model))
  }

  /// Applies `strategy` to the model that `reconstruction` was measured on: channels and masks are chosen
  /// by what reconstruction cannot make up for.
  ///
  /// - Parameter reconstructs: whether what is left is reconstructed.
  /// - Throws: `PatternError` if a choice is not legal for its unit.
  public func apply(
    _ strategy: Strategy, with reconstruction: Reconstruction, reconstructs: Bool = true
  ) throws(PatternError) -> PrunedModel {
    let pruned = try apply(
      strategy, to: reconstruction.model,
      by: ReconstructionImportance(reconstruction))
    return reconstructs ? reconstruction.reconstructed(pruned) : pruned
  }

  /// Applies `strategy` to the model that `importance` was measured on.
  /// - Throws: `PatternError` if a choice is not legal for its unit.
  public func apply(
    _ strategy: Strategy, by importance: TaylorImportance
  ) throws(PatternError) -> PrunedModel {
    try apply(strategy, to: importance.model, by: importance)
  }

  func apply(
    _ strategy: Strategy, to model: Model, by importance: some Importance
  ) throws(PatternError) -> PrunedModel {
    precondition(model.graph == graph && model.isTrained, "the model is not this space's")
    for (index, pattern) in strategy.choices.enumerated() where !allows(pattern, for: index) {
      throw PatternError("pattern \(pattern.name) does not fit unit '\(units[index].name)'")
    }
    let kept = reordered(keptChannels(strategy, importance), strategy, importance)
    let removal = ChannelRemoval(model: model, groups: groups, kept: kept)
    let smaller: Model
    do {
      smaller = try removal.apply()
    } catch {
      throw PatternError("the strategy cannot be applied: \(error)")
    }
    var parameters = smaller.parameters
    var masks: [Int: [TapMask]] = [:]
    var keptWeights: [String: [Bool]] = [:]
    var keptInputs: [Int: [Int]] = [:]
    for (index, unit) in units.enumerated() where strategy.choices[index] != .dense {
      guard case .weights(let node) = unit.target, let weight = graph.weight(of: node),
        let left = KeptFeatures(ofNode: node, of: graph, kept: removal.kept)
      else { continue }
      let mask = importance.mask(strategy.choices[index], ofNode: node, left, sharing)
      masks[node] = mask.filters
      keptWeights[weight.name] = mask.kept
      parameters[weight.name]?.zero(outside: mask.kept)
      if strategy.choices[index].masksWholeInputs {
        let kept = left.features.indices.filter { mask.kept[$0] }
        if kept.count < left.features.count { keptInputs[node] = kept }
      }
    }
    return PrunedModel(
      model: smaller.replacing(parameters), masks: masks, keptWeights: keptWeights,
      keptInputs: keptInputs, keptIndices: removal.kept, cost: cost(of: strategy))
  }

  /// The channels that stay, in an order in which blocks of filters hold similar ones, where one layer alone
  /// makes them.
  func reordered(
    _ kept: [[Int]?], _ strategy: Strategy, _ importance: some Importance
  ) -> [[Int]?] {
    var kept = kept
    for (number, group) in groups.groups.enumerated()
    where group.canBeReordered && group.producers.count == 1 {
      let node = group.producers[0]
      let source = graph.nodes[node].inputs[0]
      guard let unit = weightUnit[node], strategy.choices[unit] != .dense,
        let left = KeptFeatures(
          ofNode: node, of: graph, inputs: groups.keptIndices(ofNode: source, kept: kept),
          filters: kept[number])
      else { continue }
      let order = importance.order(strategy.choices[unit], ofNode: node, left, sharing)
      if let order, order != Array(order.indices) {
        kept[number] = order.map { left.filters[$0] }
      }
    }
    return kept
  }

  /// For each group the channels that stay, of each part the most important; nil if all do.
  func keptChannels(_ strategy: Strategy, _ importance: some Importance) -> [[Int]?] {
    groups.groups.enumerated().map { number, group in
      guard let unit = unitOfGroup[number],
        strategy.choices[unit].keptChannels(of: group) < group.channels
      else { return nil }
      return strategy.choices[unit].keptChannels(
        of: group, importance: importance.channels(ofGroup: number, groups))
    }
  }
}

extension Parameter {
  fileprivate mutating func zero(outside mask: [Bool]) {
    for index in values.indices where !mask[index] { values[index] = 0 }
  }
}
