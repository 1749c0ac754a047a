internal import ModelGraph
internal import Patterns

extension ModelState {
  /// The expected loss of a choice alone: once it is measured, the squared change of the logits as a share of
  /// their variance; before that, the share of the unit's weight energy that it removes.
  ///
  /// - Returns: nil while nothing is known, and for drawn masks once losses are measured.
  func estimatedLoss(of pattern: Pattern, unit: Int) -> Double? {
    let choice = space.units[unit].menu.firstIndex(of: pattern)
    if let sensitivity { return choice.map { Double(sensitivity.losses[unit: unit, choice: $0]) } }
    guard let weights else { return nil }
    if let choice { return Double(weights.sensitivity.losses[unit: unit, choice: choice]) }
    // A drawn mask is the same for every filter.
    guard case .weights(let node) = space.units[unit].target,
      case .masks(let masks) = pattern, masks.count == 1, let energy = weights.tapEnergy[node]
    else { return nil }
    let kept = energy.indices.reduce(0) { masks[0].keeps($1) ? $0 + energy[$1] : $0 }
    return 1 - kept / max(energy.reduce(0, +), .leastNormalMagnitude)
  }

  /// The quantity that the expected losses are shares of.
  var lossBasis: String { sensitivity == nil ? "weight energy" : "logit error" }
}
