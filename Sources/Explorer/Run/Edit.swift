package import Patterns

/// A change that the user made, so that it can be undone.
package struct Edit: Hashable, Sendable, Codable {
  /// The things that can be changed.
  package enum Change: Hashable, Sendable, Codable {
    /// The live strategy's choices and pins.
    case strategy(before: Strategy, after: Strategy)
    /// The target, and the weight of an excess.
    case aim(before: Aim, after: Aim)
    /// The images.
    case images(before: Judged, after: Judged)
  }

  /// The action, as in `pin layer1.0.conv1`.
  package let name: String
  /// Before and after.
  package private(set) var change: Change

  /// Whether it is one of the strategy, which an export holds.
  var isOfStrategy: Bool { if case .strategy = change { true } else { false } }

  /// The change the other way round.
  var undone: Change {
    switch change {
    case .strategy(let before, let after): .strategy(before: after, after: before)
    case .aim(let before, let after): .aim(before: after, after: before)
    case .images(let before, let after): .images(before: after, after: before)
    }
  }

  /// Notes the run that is left when it is undone, or done again; nil if nothing of it is kept.
  mutating func leave(_ run: String?, undoing: Bool) {
    guard case .images(var before, var after) = change else { return }
    if undoing { after.run = run } else { before.run = run }
    change = .images(before: before, after: after)
  }
}

/// Images, and the run of what was found by them.
package struct Judged: Hashable, Sendable, Codable {
  /// The choice of the images.
  package let images: DataChoice
  /// The path of the run that was left; nil for a new one.
  package fileprivate(set) var run: String?

  /// Images of which nothing is known yet.
  package init(_ images: DataChoice) { self.images = images }
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
