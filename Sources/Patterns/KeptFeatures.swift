internal import ModelGraph

/// What a pruned convolution or linear layer has kept of the dense one's weight.
struct KeptFeatures {
  /// For each remaining filter the dense filter it was.
  let filters: [Int]
  /// For each weight of a remaining filter the dense feature it belongs to, within the filter's group:
  /// input channel, then tap.
  let features: [Int]
  /// Which weights are kept, `[filters][features]`; all if nil.
  let mask: [Bool]?

  /// The features of remaining filter `row` that its weights are kept for, and their places in the row.
  func support(ofFilter row: Int) -> [(feature: Int, place: Int)] {
    features.indices.compactMap { place in
      let isKept = mask.map { $0[row * features.count + place] } ?? true
      return isKept ? (features[place], place) : nil
    }
  }
}

extension PrunedModel {
  /// What is left of the layers at `nodes` of the dense `graph`, by node.
  func keptFeatures(
    ofNodes nodes: some Sequence<Int>, of graph: Graph, _ groups: ChannelGroups
  ) -> [Int: KeptFeatures] {
    let masks = keptWeights
    func kept(_ node: Int) -> [Int]? { keptChannels[groups.groupOfNode[node]] }
    return nodes.reduce(into: [:]) { result, node in
      guard let weight = graph.weight(of: node) else { return }
      let taps = weight.shape.dropFirst(2).reduce(1, *)
      var channels = Array(0..<weight.shape[1])
      let source = graph.nodes[node].inputs[0]
      if !graph.isGrouped(node), let kept = kept(source) {
        let span =
          graph.nodes[source].shape.channels / groups.groups[groups.groupOfNode[source]].channels
        channels = kept.flatMap { $0 * span..<($0 + 1) * span }
      }
      result[node] = KeptFeatures(
        filters: kept(node) ?? Array(0..<weight.shape[0]),
        features: channels.flatMap { channel in (0..<taps).map { channel * taps + $0 } },
        mask: masks[weight.name])
    }
  }
}

extension Graph {
  /// The weight of the convolution or linear layer at `index`.
  func weight(of index: Int) -> ParameterDeclaration? {
    switch nodes[index].op {
    case .convolution, .linear: parameters(of: index).first
    default: nil
    }
  }

  /// Whether node `index` is a convolution whose filters read a part of the channels each.
  fileprivate func isGrouped(_ index: Int) -> Bool {
    guard case .convolution(let conv) = nodes[index].op else { return false }
    return conv.groups > 1
  }

  /// The convolution and linear layers whose weight no other node shares; without linear layers whose
  /// batch-norm is over another axis than their features.
  var layersWithOwnWeight: [Int] {
    let layers = nodes.indices.compactMap { index -> (Int, String)? in
      if case .linear = nodes[index].op, nodes[index].shape.rank > 1,
        soleBatchNormalization(after: index) != nil
      {
        return nil
      }
      return weight(of: index).map { (index, $0.name) }
    }
    let counts = Dictionary(layers.map { ($0.1, 1) }, uniquingKeysWith: +)
    return layers.filter { counts[$0.1] == 1 }.map(\.0)
  }
}

extension Model {
  /// What each output channel of node `index` is multiplied with by the batch-norm that alone reads it;
  /// nil if none does.
  func normScale(after index: Int) -> [Double]? {
    guard let norm = graph.soleBatchNormalization(after: index),
      let scale = parameters[norm.scale]?.values, let variance = parameters[norm.variance]?.values
    else { return nil }
    return zip(scale, variance).map {
      Double($0) / (Double($1) + Double(norm.epsilon)).squareRoot()
    }
  }
}
