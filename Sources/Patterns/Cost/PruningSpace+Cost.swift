internal import ModelGraph

extension PruningSpace {
  /// The cost of the dense network.
  public var denseCost: Cost {
    Cost(macs: graph.macs, parameters: graph.parameterCount)
  }

  /// The exact cost of `strategy`; parameters that several nodes use count once. Depends on no weights: patterns
  /// keep fixed numbers of taps.
  public func cost(of strategy: Strategy) -> Cost {
    var counted: Set<String> = []
    return graph.nodes.indices.reduce(into: Cost(macs: 0, parameters: 0)) { total, node in
      total.macs += keptMACs(ofNode: node, strategy)
      for (name, count) in keptParameters(ofNode: node, strategy)
      where counted.insert(name).inserted {
        total.parameters += count
      }
    }
  }

  /// The cost of node `index` under `strategy`.
  public func cost(ofNode index: Int, _ strategy: Strategy) -> Cost {
    Cost(
      macs: keptMACs(ofNode: index, strategy),
      parameters: keptParameters(ofNode: index, strategy).reduce(0) { $0 + $1.count })
  }

  private func keptMACs(ofNode index: Int, _ strategy: Strategy) -> Int {
    let node = graph.nodes[index]
    switch node.op {
    case .convolution:
      return keptWeights(ofNode: index, strategy) * node.shape.height * node.shape.width
    case .linear(let linear):
      return keptWeights(ofNode: index, strategy) * (node.shape.count / linear.outputFeatures)
    case .attention:
      // Heads go as a whole, so products of queries and keys shrink as those with the values do.
      return share(graph.macs(of: index), index, keptIndices(ofNode: index, strategy))
    default: return graph.macs(of: index)
    }
  }

  /// The kept part of each learned parameter of a node, by its name.
  private func keptParameters(
    ofNode index: Int, _ strategy: Strategy
  ) -> [(name: String, count: Int)] {
    let learned = graph.parameters(of: index).filter(\.isLearned)
    if learned.isEmpty { return [] }
    let outputs = keptIndices(ofNode: index, strategy)
    let node = graph.nodes[index]
    return learned.enumerated().map { place, parameter in
      if place == 0, graph.weightShape(of: index) != nil {
        return (parameter.name, keptWeights(ofNode: index, strategy))
      }
      let isCut =
        switch node.op {
        case .convolution, .linear, .batchNormalization, .groupNormalization: true
        case .parametricRelu, .constant:
          groups.maps[index]?.axis(ofBroadcast: parameter.shape, rank: node.shape.rank) != nil
        default: false
        }
      return (parameter.name, isCut ? share(parameter.count, index, outputs) : parameter.count)
    }
  }

  /// So much of `whole` as of node `index`'s channels stays.
  private func share(_ whole: Int, _ index: Int, _ kept: Int?) -> Int {
    guard let kept, let map = groups.maps[index], whole.isMultiple(of: map.channels.count)
    else { return whole }
    return whole * kept / map.channels.count
  }

  private func keptWeights(ofNode index: Int, _ strategy: Strategy) -> Int {
    guard var shape = graph.weightShape(of: index) else { return 0 }
    shape.filters = keptIndices(ofNode: index, strategy) ?? shape.filters
    if !graph.isGrouped(index) {
      shape.inputs = keptIndices(ofNode: graph.nodes[index].inputs[0], strategy) ?? shape.inputs
    }
    return weightUnit[index].map { strategy.choices[$0].keptWeights(of: shape) } ?? shape.count
  }

  /// Indices along node `index`'s channel axis that stay; nil if it has no channels.
  private func keptIndices(ofNode index: Int, _ strategy: Strategy) -> Int? {
    groups.keptCount(ofNode: index) { group, channels in
      unitOfGroup[group].map {
        strategy.choices[$0].keptChannels(of: channels, in: groups.groups[group])
      } ?? channels
    }
  }

  /// Channels that node `index` yields under `strategy`.
  public func keptChannels(ofNode index: Int, _ strategy: Strategy) -> Int {
    keptIndices(ofNode: index, strategy) ?? graph.nodes[index].shape.channels
  }
}

extension PruningSpace {
  /// The MACs of those nodes under a strategy.
  public func macs(of strategy: Strategy, nodes: [Int]) -> Int {
    nodes.reduce(0) { $0 + cost(ofNode: $1, strategy).macs }
  }

  /// The MACs of those nodes whose cost depends on unit `index`.
  public func macs(of strategy: Strategy, nodesOf index: Int) -> Int {
    macs(of: strategy, nodes: nodesOfUnit[index])
  }
}
