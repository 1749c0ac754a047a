internal import ModelGraph

/// What a network costs.
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
  /// What the dense network costs.
  public var denseCost: Cost {
    Cost(macs: graph.macs, parameters: graph.parameterCount)
  }

  /// What `strategy` costs, exactly. Depends on no weights: patterns keep fixed numbers of taps.
  public func cost(of strategy: Strategy) -> Cost {
    graph.nodes.indices.reduce(into: Cost(macs: 0, parameters: 0)) { total, node in
      let cost = cost(ofNode: node, strategy)
      total.macs += cost.macs
      total.parameters += cost.parameters
    }
  }

  /// What node `index` costs under `strategy`.
  public func cost(ofNode index: Int, _ strategy: Strategy) -> Cost {
    let node = graph.nodes[index]
    guard let source = node.inputs.first else {
      return Cost(macs: 0, parameters: graph.parameterCount(of: index))
    }
    let outputs = keptChannels(ofNode: index, strategy)
    switch node.op {
    case .convolution(let conv):
      let inputs =
        conv.groups == 1
        ? keptChannels(ofNode: source, strategy)
        : graph.nodes[source].shape.channels / conv.groups
      let taps =
        tapUnit[index].flatMap { strategy.choices[$0].keptTaps(of: conv.kernel) }
        ?? conv.kernel.area
      let weights = outputs * inputs * taps
      return Cost(
        macs: weights * node.shape.height * node.shape.width,
        parameters: weights + (conv.bias == nil ? 0 : outputs))
    case .linear(let linear):
      let features = graph.nodes[source].shape.dimensions.last ?? 1
      let span = features / groups.channels(ofNode: source)
      let weights = outputs * keptChannels(ofNode: source, strategy) * span
      return Cost(
        macs: weights * (node.shape.count / linear.outputFeatures),
        parameters: weights + (linear.bias == nil ? 0 : outputs))
    case .batchNormalization:
      return Cost(macs: 0, parameters: 2 * outputs)
    default:
      return Cost(macs: graph.macs(of: index), parameters: graph.parameterCount(of: index))
    }
  }

  /// Channels that node `index` yields under `strategy`, before any flatten.
  public func keptChannels(ofNode index: Int, _ strategy: Strategy) -> Int {
    let channels = groups.channels(ofNode: index)
    return channelUnit[index].flatMap { strategy.choices[$0].keptChannels(of: channels) }
      ?? channels
  }
}

extension ChannelGroups {
  /// Channels of the group that node `index` yields.
  func channels(ofNode index: Int) -> Int { groups[groupOfNode[index]].channels }
}
