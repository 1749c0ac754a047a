internal import ModelGraph
public import Patterns

/// Brings strategies to a target of MACs with the least expected harm.
public struct Budget: Sendable {
  /// The decisions.
  public let space: PruningSpace
  /// What each choice is expected to cost in accuracy.
  public private(set) var sensitivity: Sensitivity
  /// The MACs that may be kept.
  public let macs: Int

  /// A budget of `target` times the dense MACs.
  public init(_ space: PruningSpace, sensitivity: Sensitivity, target: Double) {
    self.space = space
    self.sensitivity = sensitivity
    macs = Int((Double(space.denseCost.macs) * target).rounded(.down))
  }

  /// The same budget with other expectations of harm.
  func judging(by sensitivity: Sensitivity) -> Budget {
    var budget = self
    budget.sensitivity = sensitivity
    return budget
  }

  /// How far the strategy is over the budget, as a share of the dense MACs; 0 within it.
  public func excess(of strategy: Strategy) -> Double {
    let over = space.cost(of: strategy).macs - macs
    return over > 0 ? Double(over) / Double(space.denseCost.macs) : 0
  }

  /// The losses of a strategy's choices together; drawn masks, of which none is known, count for nothing.
  func loss(of strategy: Strategy) -> Double {
    zip(space.units, strategy.choices).enumerated().reduce(0) { sum, unit in
      let choice = unit.element.0.menu.firstIndex(of: unit.element.1)
      return sum + (choice.map { Double(sensitivity.losses[unit.offset][$0]) } ?? 0)
    }
  }

  /// The strategy within the budget: choices with the least harm for the MACs they save are taken
  /// until it fits, then MACs left over are spent where they help most. Pinned units stay.
  ///
  /// - Returns: the nearest there is if the pins leave no way into the budget.
  public func repaired(_ strategy: Strategy) -> Strategy {
    var strategy = strategy
    while case let kept = space.cost(of: strategy).macs, kept > macs,
      let change = bestChange(of: strategy, macs: kept, saving: true)
    {
      strategy.choices[change.unit] = change.pattern
    }
    while case let kept = space.cost(of: strategy).macs, kept < macs,
      let change = bestChange(of: strategy, macs: kept, saving: false)
    {
      strategy.choices[change.unit] = change.pattern
    }
    return strategy
  }

  /// The change of one unit with the best ratio of harm to MACs: downwards when `saving`, otherwise
  /// upwards within the budget and without more harm.
  private func bestChange(
    of strategy: Strategy, macs kept: Int, saving: Bool
  ) -> (unit: Int, pattern: Pattern)? {
    var best: (ratio: Double, unit: Int, pattern: Pattern)?
    for (unit, menu) in space.units.map(\.menu).enumerated() where !strategy.pins[unit] {
      guard let current = menu.firstIndex(of: strategy.choices[unit]) else { continue }
      for (choice, pattern) in menu.enumerated() where choice != current {
        var changed = strategy
        changed.choices[unit] = pattern
        let macs =
          kept - space.macs(of: strategy, nodesOf: unit) + space.macs(of: changed, nodesOf: unit)
        let saved = Double(kept - macs)
        let losses = sensitivity.losses[unit]
        let harm = Double(losses[choice] - losses[current])
        if saving {
          guard saved > 0 else { continue }
        } else {
          guard macs <= self.macs, harm < 0, saved < 0 else { continue }
        }
        // Saving: least harm a MAC saved. Spending: most harm undone a MAC spent.
        let ratio = harm / saved * (saving ? 1 : -1)
        if best.map({ ratio < $0.ratio }) ?? true { best = (ratio, unit, pattern) }
      }
    }
    return best.map { ($0.unit, $0.pattern) }
  }
}
