public import ModelGraph

/// How much each choice is expected to hurt: one number for each unit and menu entry, 0 for dense.
public struct Sensitivity: Hashable, Sendable, Codable {
  /// `[units][menu entries]`; sums over units estimate the harm of a strategy.
  public let losses: [[Float]]

  /// A sensitivity that was measured, `[units][menu entries]`.
  public init(losses: [[Float]]) {
    self.losses = losses
  }

  /// The share of the unit's squared weights that a choice removes: needs no data, and is only a
  /// first guess (Han et al. 2015, magnitude pruning).
  public init(energyOf model: Model, in space: PruningSpace) {
    let energy = WeightEnergy(model)
    losses = space.units.map { unit in
      switch unit.target {
      case .taps(let node):
        guard case .convolution(let conv) = model.graph.nodes[node].op else { return [] }
        let taps = energy.taps(ofNode: node)
        let total = max(taps.joined().reduce(0, +), .leastNormalMagnitude)
        return unit.menu.map { pattern in
          let masks = pattern.masks(forEnergy: taps, kernel: conv.kernel)
          let kept = zip(taps, masks).reduce(Float(0)) { sum, filter in
            filter.0.indices.reduce(sum) { filter.1.keeps($1) ? $0 + filter.0[$1] : $0 }
          }
          return max(0, 1 - kept / total)
        }
      case .channels(let index):
        let group = space.groups.groups[index]
        let shares = energy.channels(of: group).sorted(by: >)
        let total = max(shares.reduce(0, +), .leastNormalMagnitude)
        return unit.menu.map { pattern in
          let kept = shares.prefix(pattern.keptChannels(of: group.channels) ?? 0).reduce(0, +)
          return max(0, 1 - kept / total)
        }
      }
    }
  }
}
