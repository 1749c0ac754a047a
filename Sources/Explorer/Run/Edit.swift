package import Patterns

/// A change that the user made, so that it can be undone.
package struct Edit: Hashable, Sendable, Codable {
  /// The things that can be changed.
  package enum Change: Hashable, Sendable, Codable {
    /// The live strategy's choices and pins.
    case strategy(before: Strategy, after: Strategy)
    /// The target, and the weight of an excess.
    case aim(before: Aim, after: Aim)
  }

  /// The action, as in `pin layer1.0.conv1`.
  package let name: String
  /// Before and after.
  package let change: Change

  /// Whether it is one of the strategy, which an export holds.
  var isOfStrategy: Bool { if case .strategy = change { true } else { false } }

  /// The change the other way round.
  var undone: Change {
    switch change {
    case .strategy(let before, let after): .strategy(before: after, after: before)
    case .aim(let before, let after): .aim(before: after, after: before)
    }
  }
}

extension Strategy {
  /// The strategy with the units that an edit changed as they are after it; the others stay.
  func changed(from before: Strategy, to after: Strategy) -> Strategy {
    var result = self
    for unit in after.choices.indices
    where before.choices[unit] != after.choices[unit] || before.pins[unit] != after.pins[unit] {
      result.choices[unit] = after.choices[unit]
      result.pins[unit] = after.pins[unit]
    }
    return result
  }
}
