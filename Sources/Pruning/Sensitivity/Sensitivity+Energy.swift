public import ModelGraph
public import Patterns

extension Sensitivity {
  /// The share of the unit's squared weights that a choice removes: needs no data, and is only a
  /// first guess (Han et al. 2015, magnitude pruning).
  public init(energyOf model: Model, in space: PruningSpace) {
    let energy = WeightEnergy(model)
    let losses = space.units.map { unit -> [Float] in
      switch unit.target {
      case .weights(let node):
        guard let shape = model.graph.weightShape(of: node) else { return [] }
        let weights = energy.weights(ofNode: node)
        return unit.menu.map { pattern in
          let mask = pattern.mask(weights, shape: shape, space.sharing).kept
          return weights.lossShare { mask[$0] }
        }
      case .channels(let index):
        let group = space.groups.groups[index]
        let channels = energy.channels(ofGroup: index, space.groups)
        return unit.menu.map { pattern in
          let kept = Set(pattern.keptChannels(of: group, importance: channels))
          return channels.lossShare { kept.contains($0) }
        }
      }
    }
    self.init(losses: ChoiceTable(rows: losses))
  }
}

extension [Float] {
  /// The share of the sum that those values have which do not stay.
  fileprivate func lossShare(_ stays: (Int) -> Bool) -> Float {
    let total = Swift.max(reduce(0, +), .leastNormalMagnitude)
    let kept = indices.reduce(Float(0)) { stays($1) ? $0 + self[$1] : $0 }
    return Swift.max(0, 1 - kept / total)
  }
}
