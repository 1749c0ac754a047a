internal import ModelGraph

/// In which steps a network is computed: a batch normalisation goes together with the convolution before it,
/// and with the sum and the clamp behind it.
struct NetworkPlan: Sendable {
  /// One or more nodes that are computed together.
  struct Step: Sendable {
    /// The last of them, whose value is kept.
    let node: Int
    /// The batch normalisation among them and what it is computed with; nil for a node on its own.
    let chain: Chain?
    /// Nodes whose values no later step reads.
    var released: [Int] = []
  }

  /// A batch normalisation with what goes before and after it.
  struct Chain: Sendable {
    let normalization: Int
    /// The convolution whose output is normalised, if nobody else reads that.
    var convolution: Int?
    /// The node that is added, if one is.
    var residual: Int?
    /// The bounds of the clamp.
    var clamp: ClosedRange<Float> = -.infinity ... .infinity
  }

  /// In the order of the graph.
  let steps: [Step]

  init(_ graph: Graph) {
    let (chains, inner) = Self.chains(of: graph)
    var steps = graph.nodes.indices.filter { !inner.contains($0) }.map {
      Step(node: $0, chain: chains[$0])
    }
    var lastReader = [Int](repeating: 0, count: graph.nodes.count)
    for (place, step) in steps.enumerated() {
      for source in step.sources(in: graph) { lastReader[source] = place }
    }
    for step in steps where step.node != graph.output {
      steps[lastReader[step.node]].released.append(step.node)
    }
    self.steps = steps
  }

  /// Chains by their last node, and the nodes within them, whose values nobody else reads.
  private static func chains(of graph: Graph) -> (chains: [Int: Chain], inner: Set<Int>) {
    var chains: [Int: Chain] = [:]
    var inner: Set<Int> = []
    func soleConsumer(_ node: Int) -> Int? {
      graph.consumers[node].count == 1 ? graph.consumers[node][0] : nil
    }
    for (index, node) in graph.nodes.enumerated() {
      guard case .batchNormalization = node.op else { continue }
      var chain = Chain(normalization: index)
      var last = index
      let source = node.inputs[0]
      if case .convolution(let conv) = graph.nodes[source].op, conv.bias == nil,
        soleConsumer(source) == index
      {
        chain.convolution = source
        inner.insert(source)
      }
      if let next = soleConsumer(last), case .arithmetic(.add) = graph.nodes[next].op,
        let other = graph.nodes[next].inputs.first(where: { $0 != last }),
        graph.nodes[other].shape == node.shape,
        // Two batch norms that are added: the first one takes the sum.
        !chains.values.contains(where: { $0.residual == last })
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
    return (chains, inner)
  }
}

extension NetworkPlan.Step {
  /// The nodes whose values it reads.
  fileprivate func sources(in graph: Graph) -> [Int] {
    guard let chain else { return graph.nodes[node].inputs }
    return graph.nodes[chain.convolution ?? chain.normalization].inputs
      + (chain.residual.map { [$0] } ?? [])
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
