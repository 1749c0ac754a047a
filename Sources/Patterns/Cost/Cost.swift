internal import ModelGraph

/// The cost of a network.
public struct Cost: Hashable, Sendable, Codable {
  /// Multiply-accumulates for one image, kept taps of kept channels only.
  public var macs: Int
  /// Learned parameters that are kept.
  public var parameters: Int

  /// A cost.
  public init(macs: Int, parameters: Int) {
    self.macs = macs
    self.parameters = parameters
  }
}

extension PruningSpace {
  /// The cost of the dense network.
  public var denseCost: Cost {
    Cost(macs: graph.macs, parameters: graph.parameterCount)
  }

  /// The exact cost of `strategy`. Depends on no weights: patterns keep fixed numbers of taps.
  public func cost(of strategy: Strategy) -> Cost {
    graph.nodes.indices.reduce(into: Cost(macs: 0, parameters: 0)) { total, node in
      let cost = cost(ofNode: node, strategy)
      total.macs += cost.macs
      total.parameters += cost.parameters
    }
  }

  /// The cost of node `index` under `strategy`.
  public func cost(ofNode index: Int, _ strategy: Strategy) -> Cost {
    let node = graph.nodes[index]
    let outputs = keptIndices(ofNode: index, strategy)
    guard let source = node.inputs.first else {
      let whole = graph.parameterCount(of: index)
      return Cost(macs: 0, parameters: share(whole, index, outputs))
    }
    switch node.op {
    case .convolution(let conv):
      let inputs =
        conv.groups == 1
        ? keptIndices(ofNode: source, strategy) ?? graph.nodes[source].shape.channels
        : graph.nodes[source].shape.channels / conv.groups
      let filters = outputs ?? conv.outputChannels
      let weights = keptWeights(
        ofNode: index, WeightShape(filters: filters, inputs: inputs, kernel: conv.kernel), strategy)
      return Cost(
        macs: weights * node.shape.height * node.shape.width,
        parameters: weights + (conv.bias == nil ? 0 : filters))
    case .linear(let linear):
      let inputs =
        keptIndices(ofNode: source, strategy) ?? graph.nodes[source].shape.dimensions.last ?? 1
      let filters = outputs ?? linear.outputFeatures
      let weights = keptWeights(
        ofNode: index, WeightShape(filters: filters, inputs: inputs), strategy)
      return Cost(
        macs: weights * (node.shape.count / linear.outputFeatures),
        parameters: weights + (linear.bias == nil ? 0 : filters))
    case .batchNormalization, .groupNormalization, .parametricRelu:
      return Cost(macs: 0, parameters: share(graph.parameterCount(of: index), index, outputs))
    case .attention:
      // Heads go as a whole, so products of queries and keys shrink as those with the values do.
      return Cost(macs: share(graph.macs(of: index), index, outputs), parameters: 0)
    default:
      return Cost(macs: graph.macs(of: index), parameters: graph.parameterCount(of: index))
    }
  }

  /// So much of `whole` as of node `index`'s channels stays.
  private func share(_ whole: Int, _ index: Int, _ kept: Int?) -> Int {
    guard let kept, let map = groups.maps[index], whole.isMultiple(of: map.channels.count)
    else { return whole }
    return whole * kept / map.channels.count
  }

  private func keptWeights(ofNode index: Int, _ shape: WeightShape, _ strategy: Strategy) -> Int {
    weightUnit[index].map { strategy.choices[$0].keptWeights(of: shape) } ?? shape.count
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
