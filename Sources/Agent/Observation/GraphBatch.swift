internal import Tensors

/// Several observations as one: their graphs side by side, without edges between them.
///
/// One pass over the union costs less than one over each. Only legal choices enter it, so that what is
/// illegal has no probability to begin with and costs nothing.
struct GraphBatch {
  /// [nodes, node features]
  let nodeFeatures: Tensor<Float>
  /// The observation of each node.
  let graphOfNode: Segments
  /// The node each message leaves: both directions of every edge, and a self-loop at every node.
  let sources: Segments
  /// The node each message enters.
  let targets: Segments
  /// The embedding of each message's kind and direction.
  let kinds: Segments
  /// The nodes of each unit, one after another.
  let unitNodes: Segments
  /// The unit that each entry of `unitNodes` belongs to.
  let unitOfUnitNode: Segments
  /// The observation of each unit.
  let graphOfUnit: Segments
  /// [legal choices, choice features]
  let choiceFeatures: Tensor<Float>
  /// [legal choices]
  let priors: Tensor<Float>
  /// The unit of each legal choice; a unit's choices are neighbours, in menu order.
  let unitOfChoice: Segments
  /// The menu index of each legal choice.
  let menuIndices: [Int]
  /// The first legal choice of each unit, and the end of the last.
  let choiceStarts: [Int]

  /// The number of embeddings of edges: one for each kind and direction, and the self-loop's.
  static let edgeKindCount = 2 * Observation.Edge.Kind.allCases.count + 1

  /// Joins observations that were validated.
  init(_ observations: some Collection<Observation>) {
    var nodeValues: [Float] = []
    var graphOfNode: [Int] = []
    var (sources, targets, kinds): ([Int], [Int], [Int]) = ([], [], [])
    var (unitNodes, unitOfUnitNode, graphOfUnit): ([Int], [Int], [Int]) = ([], [], [])
    var (choiceValues, priors): ([Float], [Float]) = ([], [])
    var (unitOfChoice, menuIndices, choiceStarts): ([Int], [Int], [Int]) = ([], [], [0])
    var (nodeColumns, choiceColumns) = (0, 0)

    for (graph, observation) in observations.enumerated() {
      let firstNode = graphOfNode.count
      let nodeCount = observation.nodeFeatures.rowCount
      nodeColumns = observation.nodeFeatures.columnCount
      nodeValues += observation.nodeFeatures.values
      graphOfNode += Array(repeating: graph, count: nodeCount)
      for edge in observation.edges {
        sources += [firstNode + edge.source, firstNode + edge.target]
        targets += [firstNode + edge.target, firstNode + edge.source]
        kinds += [2 * edge.kind.rawValue, 2 * edge.kind.rawValue + 1]
      }
      for node in 0..<nodeCount {
        sources.append(firstNode + node)
        targets.append(firstNode + node)
        kinds.append(Self.edgeKindCount - 1)
      }
      for unit in observation.units {
        let index = graphOfUnit.count
        graphOfUnit.append(graph)
        unitNodes += unit.nodes.map { firstNode + $0 }
        unitOfUnitNode += Array(repeating: index, count: unit.nodes.count)
        choiceColumns = unit.choiceFeatures.columnCount
        for choice in unit.isLegal.indices where unit.isLegal[choice] {
          choiceValues += unit.choiceFeatures[choice]
          priors.append(unit.prior[choice])
          unitOfChoice.append(index)
          menuIndices.append(choice)
        }
        choiceStarts.append(menuIndices.count)
      }
    }

    let nodeCount = graphOfNode.count
    let unitCount = graphOfUnit.count
    nodeFeatures = Tensor(shape: [nodeCount, nodeColumns], scalars: nodeValues)
    self.graphOfNode = Segments(graphOfNode, count: observations.count)
    self.sources = Segments(sources, count: nodeCount)
    self.targets = Segments(targets, count: nodeCount)
    self.kinds = Segments(kinds, count: Self.edgeKindCount)
    self.unitNodes = Segments(unitNodes, count: nodeCount)
    self.unitOfUnitNode = Segments(unitOfUnitNode, count: unitCount)
    self.graphOfUnit = Segments(graphOfUnit, count: observations.count)
    choiceFeatures = Tensor(shape: [priors.count, choiceColumns], scalars: choiceValues)
    self.priors = Tensor(shape: [priors.count], scalars: priors)
    self.unitOfChoice = Segments(unitOfChoice, count: unitCount)
    self.menuIndices = menuIndices
    self.choiceStarts = choiceStarts
  }

  /// The number of units in all observations.
  var unitCount: Int { graphOfUnit.ids.count }

  /// The legal choices of a unit.
  func choices(of unit: Int) -> Range<Int> { choiceStarts[unit]..<choiceStarts[unit + 1] }
}
