internal import ModelGraph
internal import Patterns

extension ExplorerState {
  /// How far a choice alone moves the logits, as a share of their variance; nil while unknown, or
  /// if the pattern is not on the menu.
  func logitError(of pattern: Pattern, unit: Int) -> Double? {
    guard let sensitivity, let choice = space.units[unit].menu.firstIndex(of: pattern) else {
      return nil
    }
    return Double(sensitivity.losses[unit][choice])
  }

  /// The share of a unit's weight energy that a pattern is expected to remove; nil while unknown.
  ///
  /// Of a drawn mask, which is the same for every filter, it follows from the energy of the taps.
  func estimatedLoss(of pattern: Pattern, unit: Int) -> Double? {
    guard let analysis else { return nil }
    if let choice = space.units[unit].menu.firstIndex(of: pattern) {
      return Double(analysis.sensitivity.losses[unit][choice])
    }
    guard case .taps(let node) = space.units[unit].target,
      case .masks(let masks) = pattern, masks.count == 1, let energy = analysis.tapEnergy[node]
    else { return nil }
    let kept = energy.indices.reduce(0) { masks[0].keeps($1) ? $0 + energy[$1] : $0 }
    return 1 - kept / max(energy.reduce(0, +), .leastNormalMagnitude)
  }
}
