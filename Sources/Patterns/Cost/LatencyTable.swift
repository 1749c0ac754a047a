public import Metrics

/// The time of every choice's nodes, measured on a machine.
///
/// A node's time under a strategy is taken to be its dense time, scaled for every unit that touches it
/// by what that unit's choice does to it alone: the channels that one unit takes from its input and
/// another from its output multiply.
public struct LatencyTable: Hashable, Sendable, Codable {
  /// Seconds of each node of the dense network; fused nodes count with the first of them, the others are 0.
  public var dense: [Double]
  /// For each unit and choice of its menu the time of the nodes that it changes, as a share of their
  /// dense time.
  public var shares: ChoiceTable<[Int: Double]>

  /// The time of the whole dense network, which is taken anew beside the choices of every batch: how far apart these
  /// are says how far times can be trusted. Nil in tables of older versions.
  public var repeated: Timings?

  /// A table of those times.
  public init(dense: [Double], shares: ChoiceTable<[Int: Double]>) {
    self.dense = dense
    self.shares = shares
  }

  /// The predicted seconds of a strategy.
  public func seconds(of strategy: Strategy, in space: PruningSpace) -> Double {
    var seconds = dense
    for (unit, pattern) in strategy.choices.enumerated() {
      for (node, share) in shares(of: pattern, unit: unit, in: space) {
        seconds[node] *= share
      }
    }
    return seconds.reduce(0, +)
  }

  /// The seconds of the dense network.
  public var whole: Double { dense.reduce(0, +) }

  /// The predicted seconds of a strategy, as a share of those of the dense network.
  public func share(of strategy: Strategy, in space: PruningSpace) -> Double {
    whole > 0 ? seconds(of: strategy, in: space) / whole : 1
  }

  /// The time shares of one choice's nodes. One that is not on the menu, as a mask that was drawn, was never
  /// timed: it is taken for the one on the menu whose MACs are nearest.
  func shares(of pattern: Pattern, unit: Int, in space: PruningSpace) -> [Int: Double] {
    let menu = space.units[unit].menu
    if let choice = menu.firstIndex(of: pattern) { return shares[unit: unit, choice: choice] }
    var strategy = Strategy(denseFor: space)
    func macs(_ pattern: Pattern) -> Int {
      strategy.choices[unit] = pattern
      return space.macs(of: strategy, nodesOf: unit)
    }
    let wanted = macs(pattern)
    let distances = menu.map { abs(macs($0) - wanted) }
    let nearest = distances.indices.min { distances[$0] < distances[$1] }
    return nearest.map { shares[unit: unit, choice: $0] } ?? [:]
  }
}
