public import ModelGraph
public import Patterns

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

  /// Applies `strategy` in one go.
  ///
  /// - Parameter solution: the weights that a layer gets, from what is left of it under a pattern; nil for a layer
  ///   whose weights stay as they are, but for those that are masked.
  func apply(
    _ strategy: Strategy, to model: Model, by importance: some Importance,
    solving solution: (_ node: Int, Pattern, KeptFeatures) -> LayerReconstruction.Solution? = {
      _, _, _ in nil
    }
  ) throws(PatternError) -> PrunedModel {
    precondition(model.graph == graph, "the model is not this space's")
    guard model.isTrained || graph.parameterCount == 0 else {
      throw PatternError("the model has no weights to prune")
    }
    for (index, pattern) in strategy.choices.enumerated() where !allows(pattern, for: index) {
      throw PatternError("pattern \(pattern.name) does not fit unit '\(units[index].name)'")
    }
    let kept = reordered(keptChannels(strategy, importance), strategy, importance)
    let removal = ChannelRemoval(model: model, groups: groups, kept: kept)
    var solved: [Int: LayerReconstruction.Solution] = [:]
    for node in graph.nodes.indices {
      guard let left = KeptFeatures(ofNode: node, of: graph, kept: removal.kept) else { continue }
      solved[node] = solution(node, weightUnit[node].map { strategy.choices[$0] } ?? .dense, left)
    }
    var draft = ModelDraft(model)
    removal.apply(to: &draft) { solved[$0] != nil }
    var masks: [Int: [TapMask]] = [:]
    var keptWeights: [String: [Bool]] = [:]
    var keptInputs: [Int: [Int]] = [:]
    // A weight that several nodes use has the masks that are best for the first of them.
    for (index, unit) in units.enumerated() where strategy.choices[index] != .dense {
      guard case .weights(let node) = unit.target, let weight = graph.weight(of: node),
        let left = KeptFeatures(ofNode: node, of: graph, kept: removal.kept)
      else { continue }
      let pattern = strategy.choices[index]
      let mask = importance.mask(pattern, ofNode: node, left, pattern.sharing(sharing))
      for user in nodesOfUnit[index] { masks[user] = mask.filters }
      keptWeights[weight.name] = mask.kept
      if solved[node] == nil { draft.parameters[weight.name]?.zero(outside: mask.kept) }
      if pattern.masksWholeInputs {
        let kept = left.features.indices.filter { mask.kept[$0] }
        if kept.count < left.features.count {
          for user in nodesOfUnit[index] { keptInputs[user] = kept }
        }
      }
    }
    for (node, layer) in solved.sorted(by: { $0.key < $1.key }) {
      draft.replace(node, by: layer)
    }
    let smaller: Model
    do {
      smaller = try draft.model()
    } catch {
      throw PatternError("the strategy cannot be applied: \(error)")
    }
    return PrunedModel(
      model: smaller, masks: masks, keptWeights: keptWeights, keptInputs: keptInputs,
      keptIndices: removal.kept, cost: cost(of: strategy))
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
      let pattern = strategy.choices[unit]
      let order = importance.order(pattern, ofNode: node, left, pattern.sharing(sharing))
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
