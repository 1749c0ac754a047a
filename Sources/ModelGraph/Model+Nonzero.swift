/// What is left of a model whose weights were set to zero where a mask said so: files keep no masks, and a network that
/// was trained has next to no zeros of its own.
extension Model {
  /// Multiply-accumulates of the whole graph for one image but for those whose weight is zero; nil without weights.
  public var nonzeroMACs: Int? {
    guard isTrained else { return nil }
    return graph.nodes.indices.reduce(0) { sum, node in
      let macs = graph.macs(of: node)
      guard macs > 0, let weight = graph.parameters(of: node).first,
        let values = parameters[weight.name]
      else { return sum + macs }
      return sum + macs / weight.count * values.nonzeroCount
    }
  }

  /// Learned parameters of the whole graph that are not zero, what several nodes share counted once; nil without
  /// weights.
  public var nonzeroParameterCount: Int? {
    guard isTrained else { return nil }
    var counts: [String: Int] = [:]
    for parameter in graph.nodes.indices.flatMap(graph.parameters) where parameter.isLearned {
      counts[parameter.name] = parameters[parameter.name]?.nonzeroCount
    }
    return counts.values.reduce(0, +)
  }
}

extension Parameter {
  fileprivate var nonzeroCount: Int { values.reduce(0) { $1 == 0 ? $0 : $0 + 1 } }
}
