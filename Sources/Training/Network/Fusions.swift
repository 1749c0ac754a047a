internal import ModelGraph

/// Which nodes are computed together: a batch normalisation with the convolution before it, and the sum and the
/// clamp behind it.
struct Fusions: Sendable {
  /// A batch normalisation and what follows it.
  struct Chain: Sendable {
    let normalization: Int
    /// The convolution whose output is normalised, if nobody else reads that.
    var convolution: Int?
    /// The node that is added, if one is.
    var residual: Int?
    /// The bounds of the clamp.
    var clamp: ClosedRange<Float> = -.infinity ... .infinity
  }

  /// By the last node of each chain.
  private(set) var chains: [Int: Chain] = [:]
  /// Nodes within chains, whose results nobody else reads.
  private(set) var inner: Set<Int> = []

  init(_ graph: Graph) {
    for (index, node) in graph.nodes.enumerated() {
      guard case .batchNormalization = node.op else { continue }
      var chain = Chain(normalization: index)
      let source = node.inputs[0]
      if case .convolution(let conv) = graph.nodes[source].op, conv.bias == nil,
        graph.consumers[source].count == 1
      {
        chain.convolution = source
        inner.insert(source)
      }
      var last = index
      func soleConsumer(_ node: Int) -> Int? {
        graph.consumers[node].count == 1 ? graph.consumers[node][0] : nil
      }
      if let next = soleConsumer(last), case .arithmetic(.add) = graph.nodes[next].op,
        let other = graph.nodes[next].inputs.first(where: { $0 != last }),
        graph.nodes[other].shape == node.shape,
        !chains.values.contains(where: { $0.residual == last }),
        chains[next] == nil, !inner.contains(next)
      {
        chain.residual = other
        inner.insert(last)
        last = next
      }
      if let next = soleConsumer(last), case .activation(let function) = graph.nodes[next].op,
        let clamp = function.clamp
      {
        chain.clamp = clamp
        inner.insert(last)
        last = next
      }
      chains[last] = chain
    }
  }
}

extension Activation {
  /// The bounds, if this is nothing but a clamp.
  fileprivate var clamp: ClosedRange<Float>? {
    switch self {
    case .relu: 0 ... .infinity
    case .clip(let low, let high): low...high
    default: nil
    }
  }
}
