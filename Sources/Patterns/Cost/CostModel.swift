internal import ModelGraph

/// The cost of strategies in one resource, node by node: whole numbers, so that sums are exact.
public struct CostModel: Sendable {
  /// The decisions.
  public let space: PruningSpace
  /// The cost of the dense network: MACs, or nanoseconds.
  public let dense: Int
  /// For each node the units that its cost depends on, ascending.
  package let unitsOfNode: [[Int]]
  private let latencies: LatencyTable?

  /// Counts multiply-accumulates.
  public init(macsOf space: PruningSpace) {
    self.init(space, nil)
  }

  /// Counts nanoseconds.
  public init(latenciesOf space: PruningSpace, _ table: LatencyTable) {
    self.init(space, table)
  }

  private init(_ space: PruningSpace, _ latencies: LatencyTable?) {
    self.space = space
    self.latencies = latencies
    var unitsOfNode = [[Int]](repeating: [], count: space.graph.nodes.count)
    for (unit, nodes) in space.nodesOfUnit.enumerated() {
      for node in nodes { unitsOfNode[node].append(unit) }
    }
    self.unitsOfNode = unitsOfNode
    dense =
      latencies.map { table in
        table.stated.map(Self.nanoseconds)
          ?? table.dense.reduce(0) { $0 + Self.nanoseconds($1) }
      }
      ?? space.denseCost.macs
  }

  private static func nanoseconds(_ seconds: Double) -> Int { Int((seconds * 1e9).rounded()) }

  /// The cost of node `index` under a strategy.
  public func cost(ofNode index: Int, _ strategy: Strategy) -> Int {
    guard let latencies else { return space.cost(ofNode: index, strategy).macs }
    var seconds = latencies.dense[index]
    for unit in unitsOfNode[index] where strategy.choices[unit] != .dense {
      seconds *=
        latencies.shares(of: strategy.choices[unit], unit: unit, in: space)[index] ?? 1
    }
    return Self.nanoseconds(seconds)
  }

  /// The cost of a strategy.
  public func cost(of strategy: Strategy) -> Int {
    space.graph.nodes.indices.reduce(0) { $0 + cost(ofNode: $1, strategy) }
  }

  /// The cost of the nodes that unit `index` has a part in.
  public func cost(of strategy: Strategy, nodesOf index: Int) -> Int {
    space.nodesOfUnit[index].reduce(0) { $0 + cost(ofNode: $1, strategy) }
  }

  /// The cost of a strategy, as a share of the dense cost.
  public func share(of strategy: Strategy) -> Double {
    dense > 0 ? Double(cost(of: strategy)) / Double(dense) : 1
  }
}
