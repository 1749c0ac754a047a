internal import Metrics
public import Patterns

/// The strategies that no other beats in both cost and accuracy.
public struct ParetoFront: Hashable, Sendable {
  /// The resource that costs are of.
  public let resource: Target.Resource
  /// By cost, ascending; accuracy ascends with it.
  public private(set) var steps: [SearchStep] = []

  /// The front of some steps; empty without any.
  public init(of resource: Target.Resource, among steps: [SearchStep] = []) {
    self.resource = resource
    for step in steps { insert(step) }
  }

  /// Keeps the step if no other is as cheap and as accurate.
  /// - Returns: whether it was kept; one whose cost is unknown is not.
  @discardableResult
  public mutating func insert(_ step: SearchStep) -> Bool {
    let resource = resource
    guard let cost = step.cost(of: resource),
      !steps.contains(where: { $0.dominates(step, in: resource) })
    else { return false }
    steps.removeAll { step.dominates($0, in: resource) }
    let place = steps.firstIndex { ($0.cost(of: resource) ?? 0) > cost }
    steps.insert(step, at: place ?? steps.endIndex)
    return true
  }
}

extension SearchStep {
  /// Whether this is at least as cheap and as accurate as `other`.
  fileprivate func dominates(_ other: SearchStep, in resource: Target.Resource) -> Bool {
    guard let cost = cost(of: resource), let otherCost = other.cost(of: resource) else {
      return false
    }
    return cost <= otherCost
      && measurement.accuracy.fraction >= other.measurement.accuracy.fraction
  }
}
