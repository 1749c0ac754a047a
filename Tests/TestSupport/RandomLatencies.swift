internal import ModelGraph
public import Patterns

extension LatencyTable {
  /// Times of nodes between a tenth of a millisecond and one, and shares of them for every choice, which need
  /// not follow the MACs.
  public static func random(
    for space: PruningSpace, using generator: inout some RandomNumberGenerator
  ) -> LatencyTable {
    let dense = space.graph.nodes.map { _ in Double.random(in: 1e-4...1e-3, using: &generator) }
    let shares = space.units.indices.map { unit in
      space.units[unit].menu.map { pattern in
        var shares: [Int: Double] = [:]
        guard pattern != .dense else { return shares }
        for node in space.nodesOfUnit[unit] {
          shares[node] = .random(in: 0.2...1.1, using: &generator)
        }
        return shares
      }
    }
    return LatencyTable(dense: dense, shares: ChoiceTable(rows: shares))
  }
}
