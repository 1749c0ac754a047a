extension Model {
  /// Multiply-accumulates of the whole graph for one image but for those whose weight is zero, and learned parameters
  /// that are not, what several nodes share counted once; nil without weights.
  ///
  /// What is left of a model whose weights were set to zero where a mask said so: files keep no masks, and a network that
  /// was trained has next to no zeros of its own.
  public var nonzero: (macs: Int, parameters: Int)? {
    guard isTrained else { return nil }
    var counts: [String: Int] = [:]
    for parameter in graph.nodes.indices.flatMap(graph.parameters)
    where parameter.isLearned && counts[parameter.name] == nil {
      counts[parameter.name] = parameters[parameter.name]?.values.count { $0 != 0 }
    }
    let macs = graph.nodes.indices.reduce(0) { sum, node in
      let macs = graph.macs(of: node)
      guard macs > 0, let weight = graph.parameters(of: node).first,
        let count = counts[weight.name]
      else { return sum + macs }
      return sum + macs / weight.count * count
    }
    return (macs, counts.values.reduce(0, +))
  }
}
