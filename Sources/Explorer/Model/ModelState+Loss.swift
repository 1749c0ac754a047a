internal import Patterns
internal import Search

extension ModelState {
  /// The expected loss of a choice alone: the squared change of the logits as a share of their variance.
  ///
  /// - Returns: nil until losses are measured, and for drawn masks.
  func estimatedLoss(of pattern: Pattern, unit: Int) -> Double? {
    guard let sensitivity, let choice = space.units[unit].menu.firstIndex(of: pattern) else {
      return nil
    }
    return Double(sensitivity.losses[unit: unit, choice: choice])
  }
}
