package import Patterns

/// A change that the user made, so that it can be undone.
package struct Edit: Hashable, Sendable {
  /// The action, as in `pin layer1.0.conv1`.
  package let name: String
  /// The strategy before.
  package let before: Strategy
  /// The strategy after.
  package let after: Strategy

  /// `strategy` with the units that this edit changed as they were before it.
  func undone(in strategy: Strategy) -> Strategy { replace(after, by: before, in: strategy) }

  /// `strategy` with the units that this edit changes as they are after it.
  func redone(in strategy: Strategy) -> Strategy { replace(before, by: after, in: strategy) }

  private func replace(_ old: Strategy, by new: Strategy, in strategy: Strategy) -> Strategy {
    var result = strategy
    for unit in new.choices.indices
    where old.choices[unit] != new.choices[unit] || old.pins[unit] != new.pins[unit] {
      result.choices[unit] = new.choices[unit]
      result.pins[unit] = new.pins[unit]
    }
    return result
  }
}
