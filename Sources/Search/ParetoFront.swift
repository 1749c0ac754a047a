internal import Engine
internal import Patterns

/// The strategies that no other beats in both MACs and accuracy.
public struct ParetoFront: Hashable, Sendable {
  /// By MACs, ascending; accuracy ascends with them.
  public private(set) var steps: [SearchStep] = []

  /// Nothing yet.
  public init() {}

  /// Keeps the step if no other is as cheap and as accurate.
  /// - Returns: whether it was kept.
  @discardableResult
  public mutating func insert(_ step: SearchStep) -> Bool {
    guard !steps.contains(where: { $0.dominates(step) }) else { return false }
    steps.removeAll { step.dominates($0) }
    let place = steps.firstIndex { $0.measurement.cost.macs > step.measurement.cost.macs }
    steps.insert(step, at: place ?? steps.endIndex)
    return true
  }
}

extension SearchStep {
  /// Whether this is at least as cheap and as accurate as `other`.
  fileprivate func dominates(_ other: SearchStep) -> Bool {
    measurement.cost.macs <= other.measurement.cost.macs
      && measurement.accuracy.fraction >= other.measurement.accuracy.fraction
  }
}
