internal import ModelGraph

/// An operator that keeps a model from being computed.
struct Problem: Encodable, CustomStringConvertible {
  var node: String
  var op: String
  var reason: String

  /// One line for the user.
  var description: String { "node '\(node)' (\(op)) cannot be computed: it \(reason)" }

  /// Those of a graph, in its order.
  static func all(in graph: Graph) -> [Problem] {
    graph.nodes.compactMap { node in
      guard case .unsupported(let operation) = node.op else { return nil }
      return Problem(node: node.name, op: operation.kind, reason: operation.reason)
    }
  }
}
