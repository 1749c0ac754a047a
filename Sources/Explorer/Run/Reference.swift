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
    let name = shown.isDense ? "dense" : history.name(of: shown)
    return Reference(name: name, strategy: shown, step: shownStep)
  }

  /// Whether the choice of a unit differs from the reference's.
  func isDifferent(_ unit: Int) -> Bool {
    shown.choices[unit] != reference.strategy.choices[unit]
  }

  /// The units whose choice differs from the reference's, ascending.
  package var differingUnits: [Int] {
    let shown = shown.choices
    return shown.indices.filter { shown[$0] != reference.strategy.choices[$0] }
  }
}
