extension Observation {
  /// Throws what makes this observation unusable by a network with these feature counts.
  func validate(for settings: NetworkSettings) throws(AgentError) {
    guard nodeFeatures.rowCount > 0 else { throw .empty("nodes") }
    guard !units.isEmpty else { throw .empty("units") }
    guard nodeFeatures.columnCount == settings.nodeFeatureCount else {
      throw .featureCount(
        of: "nodes", found: nodeFeatures.columnCount, expected: settings.nodeFeatureCount)
    }
    guard nodeFeatures.values.allSatisfy(\.isFinite) else { throw .notFinite("node features") }
    let nodes = 0..<nodeFeatures.rowCount
    for (index, edge) in edges.enumerated() {
      for node in [edge.source, edge.target] where !nodes.contains(node) {
        throw .unknownNode(node, in: "edge \(index)")
      }
    }
    for (index, unit) in units.enumerated() {
      try unit.validate(index: index, nodes: nodes, columnCount: settings.choiceFeatureCount)
    }
  }
}

extension Observation.Unit {
  func validate(
    index: Int, nodes known: Range<Int>, columnCount: Int
  ) throws(AgentError) {
    guard !nodes.isEmpty else { throw .empty("nodes in unit \(index)") }
    for node in nodes where !known.contains(node) {
      throw .unknownNode(node, in: "unit \(index)")
    }
    guard choiceFeatures.columnCount == columnCount else {
      throw .featureCount(
        of: "choices of unit \(index)", found: choiceFeatures.columnCount, expected: columnCount)
    }
    let choices = choiceFeatures.rowCount
    guard prior.count == choices, isLegal.count == choices else {
      throw .menuSize(
        unit: index, choices: choices, priors: prior.count, legalities: isLegal.count)
    }
    guard isLegal.contains(true) else { throw .nothingLegal(unit: index) }
    guard choiceFeatures.values.allSatisfy(\.isFinite) else {
      throw .notFinite("choice features of unit \(index)")
    }
    for (value, isLegal) in zip(prior, isLegal) where isLegal && !value.isFinite {
      throw .notFinite("priors of unit \(index)")
    }
  }
}
