internal import ModelGraph

extension LatencyTable {
  /// A table of several devices, whose promise holds on all of them.
  ///
  /// Times are shares of each device's dense time. The time of a node is that of the device on which it takes most, what
  /// a choice leaves of it likewise: their sum is at least what any device takes, and more the less alike they are.
  public init(slowestOf tables: [LatencyTable], in space: PruningSpace) {
    guard tables.count > 1 else {
      self = tables.first ?? LatencyTable(dense: [], shares: ChoiceTable(of: space) { _, _ in [:] })
      return
    }
    self.init(
      dense: space.graph.nodes.indices.map { node in
        tables.map { $0.whole > 0 ? $0.dense[node] / $0.whole : 0 }.max() ?? 0
      },
      shares: ChoiceTable(of: space) { unit, pattern in
        let shares = tables.map { $0.shares(of: pattern, unit: unit, in: space) }
        return Dictionary(
          uniqueKeysWithValues: Set(shares.flatMap(\.keys)).map { node in
            // A node that was not found keeps its time.
            (node, shares.map { $0[node] ?? 1 }.max() ?? 1)
          })
      })
    stated = 1
  }
}
