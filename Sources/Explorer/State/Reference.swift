package import Patterns
package import Search

/// What the strategy shown is compared with.
package struct Reference: Hashable, Sendable {
  /// What it is called, as in `ep 3`.
  package let name: String
  /// Its choices.
  package let strategy: Strategy
  /// The step that had them; nil for dense and for the user's own.
  package let step: SearchStep?
}

extension ExplorerState {
  /// What is compared with until something else is: nothing pruned.
  var denseReference: Reference {
    Reference(name: "dense", strategy: dense, step: nil)
  }

  /// What is shown, to be compared with.
  var shownReference: Reference {
    let name = shown.isDense ? "dense" : name(of: shown)
    return Reference(name: name, strategy: shown, step: shownStep)
  }

  /// The units whose choice differs from the reference's, ascending.
  package var differingUnits: [Int] {
    shown.choices.indices.filter { shown.choices[$0] != reference.strategy.choices[$0] }
  }

  /// How many times faster than the dense model a strategy is predicted to be; nil if unknown, as with masks
  /// that were drawn.
  package func speedup(of strategy: Strategy) -> Double? {
    guard let latencies,
      zip(space.units, strategy.choices).allSatisfy({ $0.menu.contains($1) })
    else { return nil }
    let share = latencies.share(of: strategy, in: space)
    return share > 0 ? 1 / share : nil
  }

  /// The share of the dense MACs that an engine runs which gains from smaller layers alone: masks are dense there.
  package func removableShare(of strategy: Strategy) -> Double {
    var strategy = strategy
    for (unit, description) in space.units.enumerated() {
      if case .weights = description.target { strategy.choices[unit] = .dense }
    }
    return share(of: strategy)
  }
}
