extension Graph {
  /// Multiply-accumulates of node `index` for one image, all taps kept: convolutions, linear layers,
  /// products of activations. Normalisation, pooling and functions of single values count as none,
  /// as is usual.
  public func macs(of index: Int) -> Int {
    let node = nodes[index]
    switch node.op {
    case .convolution:
      return parameters(of: index)[0].count * node.shape.height * node.shape.width
    case .linear(let linear):
      return parameters(of: index)[0].count * (node.shape.count / linear.outputFeatures)
    case .matMul:
      return node.shape.count * (nodes[node.inputs[0]].shape.dimensions.last ?? 1)
    case .attention:
      let keys = nodes[node.inputs[1]].shape
      return nodes[node.inputs[0]].shape.count * keys.width + node.shape.count * keys.width
    default:
      return 0
    }
  }

  /// Multiply-accumulates of the whole graph for one image, all taps kept.
  public var macs: Int {
    nodes.indices.reduce(0) { $0 + macs(of: $1) }
  }
}
