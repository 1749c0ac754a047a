internal import ModelGraph

extension PruningSpace {
  /// Applies `strategy` to the model that `reconstruction` was measured on: channels and masks are chosen
  /// by what reconstruction cannot make up for, and what is left is reconstructed.
  ///
  /// Layers without moments are pruned as without data, by energy.
  /// - Parameters:
  ///   - granularity: who shares the masks of a convolution.
  ///   - reconstructs: whether what is left is reconstructed.
  /// - Throws: `PatternError` if a choice is not legal for its unit.
  public func apply(
    _ strategy: Strategy, with reconstruction: Reconstruction,
    granularity: MaskErrors.Granularity = .block(8), reconstructs: Bool = true
  ) throws(PatternError) -> PrunedModel {
    let model = reconstruction.model
    precondition(model.graph == graph, "the model is not this space's")
    let byEnergy = try apply(strategy, to: model)
    var kept = byEnergy.keptChannels
    for group in kept.indices {
      guard let count = kept[group]?.count,
        let order = reconstruction.eliminationOrder(ofGroup: group)
      else { continue }
      kept[group] = order.suffix(count).sorted()
    }
    var smaller: Model
    do {
      smaller = try ChannelRemoval(model: model, groups: groups, kept: kept).apply()
    } catch {
      throw PatternError("the strategy cannot be applied: \(error)")
    }
    let whole = PrunedModel(model: smaller, masks: [:], keptChannels: kept, cost: byEnergy.cost)
    let left = whole.keptFeatures(ofNodes: byEnergy.masks.keys, of: graph, groups)
    var parameters = smaller.parameters
    var masks = byEnergy.masks
    for (node, energyMasks) in byEnergy.masks {
      guard let unit = tapUnit[node], case .convolution(let conv) = graph.nodes[node].op,
        let features = left[node]
      else { continue }
      let taps = conv.kernel.area
      let errors = reconstruction.maskErrors(
        strategy.choices[unit], node: node, filters: features.filters,
        inputs: stride(from: 0, to: features.features.count, by: taps).map {
          features.features[$0] / taps
        })
      let chosen = errors?.assignment(granularity) ?? energyMasks
      masks[node] = chosen
      parameters[conv.weight]?.mask(by: chosen)
    }
    smaller = smaller.replacing(parameters)
    let pruned = PrunedModel(
      model: smaller, masks: masks, keptChannels: kept, cost: byEnergy.cost)
    return reconstructs ? reconstruction.reconstructed(pruned) : pruned
  }
}

extension Parameter {
  /// Zeroes what the masks, one a filter, do not keep.
  mutating func mask(by masks: [TapMask]) {
    let perFilter = values.count / max(masks.count, 1)
    for index in values.indices {
      let mask = masks[index / perFilter]
      if !mask.keeps(index % perFilter % mask.kernel.area) { values[index] = 0 }
    }
  }
}
