internal import ModelGraph
internal import Peers

/// Finds the nodes of a graph in what ONNX Runtime makes of them.
struct FusedNodes {
  private let graph: Graph
  private let numbers: [String: Int]

  init(_ graph: Graph) {
    self.graph = graph
    numbers = Dictionary(
      graph.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Times by node of the graph; those of fused nodes count with the first of them. What ONNX Runtime has a
  /// name of its own for belongs to what ran before it.
  func seconds(_ nodes: [NodeProfiler.Node]) -> [Int: Double] {
    var last = 0
    return nodes.reduce(into: [:]) { seconds, timed in
      last = node(named: timed.name).map(first(fusedInto:)) ?? last
      seconds[last, default: 0] += timed.seconds
    }
  }

  /// The times of a pruned network's nodes as shares of the dense one's, and the seconds of the whole dense one; nodes
  /// that were not found in both are left out.
  func shares(
    of pruned: [NodeProfiler.Node], beside dense: [NodeProfiler.Node]
  ) -> (shares: [Int: Double], dense: Double) {
    let before = seconds(dense)
    let shares = seconds(pruned).reduce(into: [Int: Double]()) { shares, node in
      if let before = before[node.key], before > 0 { shares[node.key] = node.value / before }
    }
    return (shares, dense.reduce(0) { $0 + $1.seconds })
  }

  /// The node that a name is of: `conv1_nchwc` and `attn.softmax` are parts of `conv1` and `attn`.
  private func node(named name: String) -> Int? {
    var name = name[...]
    while true {
      if let node = numbers[String(name)] { return node }
      guard let end = name.lastIndex(where: { "._/".contains($0) }) else { return nil }
      name = name[..<end]
    }
  }

  /// The layer that a normalisation or an activation is computed with: what is fused has the name of its end.
  private func first(fusedInto index: Int) -> Int {
    switch graph.nodes[index].op {
    case .batchNormalization, .activation: first(fusedInto: graph.nodes[index].inputs[0])
    default: index
    }
  }
}
