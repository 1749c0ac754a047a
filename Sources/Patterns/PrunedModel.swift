public import ModelGraph

/// A model with a strategy applied: channels removed, masked weights zero.
public struct PrunedModel: Sendable {
  /// The smaller model; its nodes have the names and the order of the dense one's.
  public let model: Model
  /// For each node whose taps are pruned, the mask of each remaining filter.
  public let masks: [Int: [TapMask]]
  /// For each coupled group the channels that stay, ascending; nil if all do.
  public let keptChannels: [[Int]?]
  /// What it costs.
  public let cost: Cost
}

extension PrunedModel {
  /// The same pruning with other values in the model, which is what a correction leaves.
  public func replacing(_ model: Model) -> PrunedModel {
    PrunedModel(model: model, masks: masks, keptChannels: keptChannels, cost: cost)
  }

  /// For each masked weight, by the name of its parameter, which of its elements stay.
  public var keptWeights: [String: [Bool]] {
    var kept: [String: [Bool]] = [:]
    for (node, masks) in masks {
      guard case .convolution(let conv) = model.graph.nodes[node].op,
        let weight = model.parameters[conv.weight]
      else { continue }
      let perFilter = weight.values.count / max(masks.count, 1)
      kept[conv.weight] = masks.flatMap { mask in
        (0..<perFilter).map { mask.keeps($0 % mask.kernel.area) }
      }
    }
    return kept
  }
}

extension PruningSpace {
  /// Applies `strategy` to a copy of `model`. The same model and strategy give the same masks.
  ///
  /// Channels go first, those with least energy; then each block of eight remaining filters gets
  /// the mask that keeps most of its energy.
  /// - Parameter model: trained, with this space's graph.
  /// - Throws: `PatternError` if a choice is not legal for its unit.
  public func apply(_ strategy: Strategy, to model: Model) throws(PatternError) -> PrunedModel {
    precondition(model.graph == graph && model.isTrained, "the model is not this space's")
    for (index, pattern) in strategy.choices.enumerated() where !allows(pattern, for: index) {
      throw PatternError("pattern \(pattern.name) does not fit unit '\(units[index].name)'")
    }
    let energy = WeightEnergy(model)
    var kept = [[Int]?](repeating: nil, count: groups.groups.count)
    for (index, unit) in units.enumerated() {
      guard case .channels(let group) = unit.target,
        let count = strategy.choices[index].keptChannels(of: groups.groups[group].channels),
        count < groups.groups[group].channels
      else { continue }
      let importance = energy.channels(of: groups.groups[group])
      let order = importance.indices.sorted { (importance[$1], $0) < (importance[$0], $1) }
      kept[group] = order.prefix(count).sorted()
    }

    var smaller: Model
    do {
      smaller = try ChannelRemoval(model: model, groups: groups, kept: kept).apply()
    } catch {
      throw PatternError("the strategy cannot be applied: \(error)")
    }
    var parameters = smaller.parameters
    var masks: [Int: [TapMask]] = [:]
    let remaining = WeightEnergy(smaller)
    for (index, unit) in units.enumerated() where strategy.choices[index] != .dense {
      guard case .taps(let node) = unit.target,
        case .convolution(let conv) = smaller.graph.nodes[node].op
      else { continue }
      let chosen = strategy.choices[index].masks(
        forEnergy: remaining.taps(ofNode: node), kernel: conv.kernel)
      masks[node] = chosen
      parameters[conv.weight]?.zero(outside: chosen)
    }
    smaller = smaller.replacing(parameters)
    return PrunedModel(model: smaller, masks: masks, keptChannels: kept, cost: cost(of: strategy))
  }
}

extension Parameter {
  /// Zeroes what the masks, one a filter, do not keep.
  fileprivate mutating func zero(outside masks: [TapMask]) {
    let perFilter = values.count / masks.count
    for (filter, mask) in masks.enumerated() {
      let taps = mask.kernel.area
      for index in 0..<perFilter where !mask.keeps(index % taps) {
        values[filter * perFilter + index] = 0
      }
    }
  }
}
