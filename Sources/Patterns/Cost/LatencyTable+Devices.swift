internal import ModelGraph

extension LatencyTable {
  /// A table of the slowest of several devices, so that what it promises holds on all of them.
  ///
  /// Times are shares of each device's dense time. The time of a node is that of the device on which it takes most,
  /// what a choice leaves of it likewise. Their sum is more than any device takes; it is brought to what the slowest
  /// takes for a strategy that prunes every unit alike, to about the share that is aimed at.
  ///
  /// - Parameter share: the share of the dense time that is aimed at.
  public init(slowestOf tables: [LatencyTable], near share: Double, in space: PruningSpace) {
    guard tables.count > 1 else {
      self = tables.first ?? LatencyTable(dense: [], shares: ChoiceTable(of: space) { _, _ in [:] })
      return
    }
    self.init(
      dense: space.graph.nodes.indices.map { node in
        tables.map { $0.dense[node] / max($0.whole, .leastNormalMagnitude) }.max() ?? 0
      },
      shares: ChoiceTable(of: space) { unit, pattern in
        tables.reduce(into: [:]) { slowest, table in
          slowest.merge(table.shares(of: pattern, unit: unit, in: space), uniquingKeysWith: max)
        }
      })
    let even = (0...50).map { Strategy(prunedTo: Double($0) / 50, by: self, in: space) }
    let slowest = even.map { strategy in
      tables.map { $0.share(of: strategy, in: space) }.max() ?? 1
    }
    let nearest = even.indices.min { abs(slowest[$0] - share) < abs(slowest[$1] - share) }
    stated = nearest.map { seconds(of: even[$0], in: space) / slowest[$0] }
  }
}

extension Strategy {
  /// The strategy that brings the time of each unit's nodes nearest to a share.
  fileprivate init(prunedTo share: Double, by table: LatencyTable, in space: PruningSpace) {
    self.init(denseFor: space)
    for (unit, description) in space.units.enumerated() {
      let distances = description.menu.indices.map { choice in
        let shares = table.shares[unit: unit, choice: choice].values
        let mean = shares.isEmpty ? 1 : shares.reduce(0, +) / Double(shares.count)
        return abs(mean - share)
      }
      let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
      choices[unit] = description.menu[nearest]
    }
  }
}
