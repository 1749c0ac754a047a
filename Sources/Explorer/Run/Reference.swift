package import Patterns
package import Search

/// The strategy that the shown one is compared with.
package struct Reference: Hashable, Sendable {
  /// Its name, as in `ep 3`.
  package let name: String
  /// Its choices.
  package let strategy: Strategy
  /// The step that had them; nil for dense and for the user's own.
  package let step: SearchStep?

  /// A strategy, and the step that had it.
  init(name: String, strategy: Strategy, step: SearchStep?) {
    self.name = name
    self.strategy = strategy
    self.step = step
  }

  /// The strategy that prunes nothing.
  init(dense: Strategy) { self.init(name: "dense", strategy: dense, step: nil) }
}

extension RunState {
  /// The strategy that is shown, to be compared with.
  var shownReference: Reference {
    let shown = shown
    let name = shown.isDense ? "dense" : self.name(of: shown)
    return Reference(name: name, strategy: shown, step: shownStep)
  }

  /// Whether the choice of a unit differs from the reference's.
  func isDifferent(_ unit: Int) -> Bool {
    shown.choices[unit] != reference.strategy.choices[unit]
  }

  /// The reference and the strategy shown.
  package var shownPair: StrategyPair { StrategyPair(reference, shownReference) }

  /// The units whose choice differs from the reference's, ascending.
  package var differingUnits: [Int] { shownPair.differingUnits }
}

/// Two strategies to be compared.
package struct StrategyPair: Hashable, Sendable {
  /// The one that comes first.
  package let first: Reference
  /// The one that is compared with it.
  package let second: Reference

  /// Two strategies of one model.
  init(_ first: Reference, _ second: Reference) { (self.first, self.second) = (first, second) }

  /// The units whose choices differ, ascending.
  package var differingUnits: [Int] {
    let (before, after) = (first.strategy.choices, second.strategy.choices)
    return after.indices.filter { after[$0] != before[$0] }
  }
}
