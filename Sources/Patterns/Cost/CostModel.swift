internal import ModelGraph

/// The cost of strategies in one resource, node by node: whole numbers, so that sums are exact.
public struct CostModel: Sendable {
  /// The decisions.
  public let space: PruningSpace
  /// The cost of the dense network: MACs, nanoseconds, or a billion if costs are shares of several devices' times.
  public let dense: Int
  /// For each node the units that its cost depends on, ascending.
  package let unitsOfNode: [[Int]]
  /// What a second counts in each table of times; none where MACs are counted.
  private let tables: [(table: LatencyTable, scale: Double)]

  private static let billion = 1e9

  /// Counts multiply-accumulates.
  public init(macsOf space: PruningSpace) {
    self.init(space, [], dense: space.denseCost.macs)
  }

  /// Counts nanoseconds.
  public init(latenciesOf space: PruningSpace, _ table: LatencyTable) {
    self.init(
      space, [(table, Self.billion)],
      dense: table.dense.reduce(0) { $0 + Int(($1 * Self.billion).rounded()) })
  }

  /// Counts billionths of each device's dense time, in their mean by those weights, which are not negative.
  public init(latenciesOf space: PruningSpace, _ latencies: Latencies, weights: [Double]) {
    let sum = weights.reduce(0, +)
    self.init(
      space,
      zip(latencies.tables, weights).filter { $0.1 > 0 }.map { table, weight in
        (table, table.whole > 0 ? Self.billion / table.whole * weight / sum : 0)
      }, dense: Int(Self.billion))
  }

  private init(
    _ space: PruningSpace, _ tables: [(table: LatencyTable, scale: Double)], dense: Int
  ) {
    self.space = space
    self.tables = tables
    self.dense = dense
    var unitsOfNode = [[Int]](repeating: [], count: space.graph.nodes.count)
    for (unit, nodes) in space.nodesOfUnit.enumerated() {
      for node in nodes { unitsOfNode[node].append(unit) }
    }
    self.unitsOfNode = unitsOfNode
  }

  /// The cost of node `index` under a strategy.
  public func cost(ofNode index: Int, _ strategy: Strategy) -> Int {
    if tables.isEmpty { return space.cost(ofNode: index, strategy).macs }
    let cost = tables.reduce(0) { sum, device in
      var seconds = device.table.dense[index]
      for unit in unitsOfNode[index] where strategy.choices[unit] != .dense {
        seconds *=
          device.table.shares(of: strategy.choices[unit], unit: unit, in: space)[index] ?? 1
      }
      return sum + seconds * device.scale
    }
    return Int(cost.rounded())
  }

  /// The cost of a strategy.
  public func cost(of strategy: Strategy) -> Int {
    space.graph.nodes.indices.reduce(0) { $0 + cost(ofNode: $1, strategy) }
  }

  /// The cost of the nodes that unit `index` has a part in.
  public func cost(of strategy: Strategy, nodesOf index: Int) -> Int {
    space.nodesOfUnit[index].reduce(0) { $0 + cost(ofNode: $1, strategy) }
  }

  /// The cost of the nodes that each choice's unit has a part in, every other unit dense.
  public var ofChoices: ChoiceTable<Int> {
    let dense = Strategy(denseFor: space)
    return ChoiceTable(of: space) { unit, pattern in
      var changed = dense
      changed.choices[unit] = pattern
      return cost(of: changed, nodesOf: unit)
    }
  }

  /// The cost of a strategy, as a share of the dense cost.
  public func share(of strategy: Strategy) -> Double {
    dense > 0 ? Double(cost(of: strategy)) / Double(dense) : 1
  }
}
