package import Patterns

/// A change that the user made, so that it can be undone.
package struct Edit: Hashable, Sendable {
  /// What was done, as in `pin layer1.0.conv1`.
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

/// A line for the user, with how it is meant.
package struct Notice: Hashable, Sendable {
  /// How it is meant.
  package enum Kind: Hashable, Sendable {
    /// Something was done.
    case done
    /// The strategy was changed; it goes when the accuracy is there.
    case edited
    /// Something cannot be done, and why.
    case refusal
    /// Something failed.
    case failure
  }

  /// What it says.
  package let text: String
  /// How it is meant.
  package let kind: Kind

  /// A line.
  package init(_ text: String, _ kind: Kind = .done) {
    self.text = text
    self.kind = kind
  }
}
