internal import ModelGraph
public import Patterns

/// Brings strategies to a target with the least expected loss.
public struct Budget: Sendable {
  /// The cost of strategies in the budgeted resource.
  public let costs: CostModel
  /// The expected loss of each choice.
  public private(set) var sensitivity: Sensitivity
  /// The most that a strategy may cost, in the unit of the costs.
  public let limit: Int

  /// The decisions.
  public var space: PruningSpace { costs.space }

  /// A budget of `share` times the dense cost.
  public init(_ costs: CostModel, sensitivity: Sensitivity, share: Double) {
    self.costs = costs
    self.sensitivity = sensitivity
    limit = Int((Double(costs.dense) * share).rounded(.down))
  }

  /// The same budget with other expected losses.
  func judging(by sensitivity: Sensitivity) -> Budget {
    var budget = self
    budget.sensitivity = sensitivity
    return budget
  }

  /// How far the strategy is over the budget, as a share of the dense cost; 0 within it.
  public func excess(of strategy: Strategy) -> Double {
    let over = costs.cost(of: strategy) - limit
    return over > 0 ? Double(over) / Double(costs.dense) : 0
  }

  /// The losses of a strategy's choices together; drawn masks, of which none is known, count for nothing.
  func loss(of strategy: Strategy) -> Double {
    zip(space.units, strategy.choices).enumerated().reduce(0) { sum, unit in
      let choice = unit.element.0.menu.firstIndex(of: unit.element.1)
      return sum + (choice.map { Double(sensitivity.losses[unit: unit.offset, choice: $0]) } ?? 0)
    }
  }

  /// The strategy within the budget: choices with the least loss for what they save are taken
  /// until it fits, then what is left over is spent where they help most. Pinned units stay.
  ///
  /// - Returns: the nearest there is if the pins leave no way into the budget.
  public func repaired(_ strategy: Strategy) -> Strategy {
    var strategy = strategy
    while case let kept = costs.cost(of: strategy), kept > limit,
      let change = bestChange(of: strategy, cost: kept, saving: true)
    {
      strategy.choices[change.unit] = change.pattern
    }
    while case let kept = costs.cost(of: strategy), kept < limit,
      let change = bestChange(of: strategy, cost: kept, saving: false)
    {
      strategy.choices[change.unit] = change.pattern
    }
    return strategy
  }

  /// The change of one unit with the best ratio of loss to cost: downwards when `saving`, otherwise
  /// upwards within the budget and without more loss.
  private func bestChange(
    of strategy: Strategy, cost kept: Int, saving: Bool
  ) -> (unit: Int, pattern: Pattern)? {
    var best: (ratio: Double, unit: Int, pattern: Pattern)?
    for (unit, menu) in space.units.map(\.menu).enumerated() where !strategy.pins[unit] {
      guard let current = menu.firstIndex(of: strategy.choices[unit]) else { continue }
      let before = costs.cost(of: strategy, nodesOf: unit)
      for (choice, pattern) in menu.enumerated() where choice != current {
        var changed = strategy
        changed.choices[unit] = pattern
        let cost = kept - before + costs.cost(of: changed, nodesOf: unit)
        let saved = Double(kept - cost)
        let losses = sensitivity.losses[unit: unit]
        let loss = Double(losses[choice] - losses[current])
        if saving {
          guard saved > 0 else { continue }
        } else {
          guard cost <= limit, loss < 0, saved < 0 else { continue }
        }
        // Saving: least loss for what is saved. Spending: most loss undone for what is spent.
        let ratio = loss / saved * (saving ? 1 : -1)
        if best.map({ ratio < $0.ratio }) ?? true { best = (ratio, unit, pattern) }
      }
    }
    return best.map { ($0.unit, $0.pattern) }
  }
}
