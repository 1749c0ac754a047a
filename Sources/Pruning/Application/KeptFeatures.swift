internal import ModelGraph
internal import Patterns

/// The part of a dense convolution's or linear layer's weight that a pruned one has kept.
struct KeptFeatures {
  /// The input channels, within a filter's group, that stay; nil if all do.
  let inputs: [Int]?
  /// The filters that stay; nil if all do.
  let keptFilters: [Int]?
  /// For each remaining filter the dense filter it was.
  let filters: [Int]
  /// For each weight of a remaining filter the dense feature it belongs to, within the filter's group:
  /// input channel, then tap.
  let features: [Int]
  /// Which weights are kept, `[filters][features]`; all if nil.
  var mask: [Bool]?

  /// The features of remaining filter `row` that its weights are kept for, and their places in the row.
  func support(ofFilter row: Int) -> [(feature: Int, place: Int)] {
    features.indices.compactMap { place in
      let isKept = mask.map { $0[row * features.count + place] } ?? true
      return isKept ? (features[place], place) : nil
    }
  }
}

extension KeptFeatures {
  /// The rest of the layer at `node` of the dense `graph` when of each node's channels only those at
  /// some indices stay; nil if it is no layer.
  init?(ofNode node: Int, of graph: Graph, kept: [[Int]?], mask: [Bool]? = nil) {
    guard let source = graph.nodes[node].inputs.first else { return nil }
    self.init(
      ofNode: node, of: graph, inputs: graph.isGrouped(node) ? nil : kept[source],
      filters: kept[node])
    self.mask = mask
  }

  /// The rest of the layer at `node` with some of its inputs and filters; nil if it is no layer.
  init?(ofNode node: Int, of graph: Graph, inputs: [Int]?, filters: [Int]?) {
    guard let shape = graph.weightShape(of: node) else { return nil }
    let taps = shape.kernel.area
    self.inputs = inputs
    keptFilters = filters
    self.filters = filters ?? Array(0..<shape.filters)
    features = (inputs ?? Array(0..<shape.inputs)).flatMap { input in
      (0..<taps).map { input * taps + $0 }
    }
    mask = nil
  }

  /// The extents of the weight that is left of `node`.
  func shape(ofNode node: Int, of graph: Graph) -> WeightShape? {
    graph.weightShape(of: node).map {
      WeightShape(
        filters: filters.count, inputs: features.count / $0.kernel.area, kernel: $0.kernel,
        isCentred: $0.isCentred)
    }
  }

  /// Those values, one for each weight of `node`, that belong to weights that are left.
  func gathering(_ values: [Float], of graph: Graph, node: Int) -> [Float] {
    guard let whole = graph.weightShape(of: node) else { return [] }
    let row = whole.inputs * whole.kernel.area
    return filters.flatMap { filter in features.map { values[filter * row + $0] } }
  }
}

extension PrunedModel {
  /// The rest of the layers at `nodes` of the dense `graph`, by node.
  func keptFeatures(ofNodes nodes: some Sequence<Int>, of graph: Graph) -> [Int: KeptFeatures] {
    nodes.reduce(into: [:]) { result, node in
      result[node] = KeptFeatures(
        ofNode: node, of: graph, kept: keptIndices,
        mask: graph.weight(of: node).flatMap { keptWeights[$0.name] })
    }
  }
}

extension Graph {
  /// The convolution and linear layers whose output can be corrected. Without linear layers whose batch-norm is over
  /// another axis than their features, and without layers whose weight is something else for another node.
  var correctableLayers: [Int] {
    let users = layersOfWeights
    return nodes.indices.filter { index in
      guard let weight = weight(of: index) else { return false }
      if case .linear = nodes[index].op, nodes[index].shape.rank > 1,
        soleBatchNormalization(after: index) != nil
      {
        return false
      }
      return users[weight.name] != nil
    }
  }

  /// For each weight the layers that use it, ascending. Without weights that serve as something else, too: in a layer
  /// of other groups, or as another parameter.
  var layersOfWeights: [String: [Int]] {
    let uses = parameterUses
    let layers = Dictionary(
      grouping: nodes.indices.filter { weight(of: $0) != nil }, by: { weight(of: $0)?.name ?? "" })
    return layers.filter { name, layers in
      uses[name] == layers.count
        && layers.allSatisfy {
          weightShape(of: $0) == weightShape(of: layers[0])
            && groups(of: $0) == groups(of: layers[0])
        }
    }
  }

  private func groups(of index: Int) -> Int {
    if case .convolution(let conv) = nodes[index].op { conv.groups } else { 1 }
  }
}

extension Model {
  /// The factor of each output channel of node `index` in the batch-norm that alone reads it;
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
