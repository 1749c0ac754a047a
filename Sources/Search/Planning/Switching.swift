internal import Foundation
internal import Patterns
internal import Tensors

/// Changes of a few units of a strategy that keep it within a budget: some units cheaper, others dearer.
struct Switching: Sendable {
  /// The strategy that is changed.
  let parent: Strategy
  /// Its pinned units are left alone.
  let pins: Strategy
  /// The budget by whose losses its offspring are compared.
  private let charged: Budget

  /// What a change of a unit loses beside what its losses say, as a share of the parent's loss: the parent was found to
  /// be better than its losses say, and each change gives some of that up.
  private static let charge = 0.03

  init(_ parent: Strategy, _ budget: Budget, pins: Strategy) {
    self.parent = parent
    self.pins = pins
    charged = Self.charging(budget, parent)
  }

  var space: PruningSpace { charged.space }

  /// The strategy in which some units are changed; a few others make room for them, or use what they leave.
  ///
  /// - Parameter choices: the new choices.
  func switching(to choices: [UnitChoice]) -> Strategy {
    var held = parent
    for choice in choices where !pins.pins[choice.unit] {
      held.choices[choice.unit] = space.pattern(of: choice)
      held.pins[choice.unit] = true
    }
    var result = charged.repaired(held)
    result.pins = parent.pins
    // If what is held leaves no way into the budget, it has to give way, too.
    return charged.excess(of: result) > 0 ? charged.repaired(result) : result
  }

  /// The strategy within the budget that loses least if losses are those of `sensitivity`; nil if none is found.
  func planned(by program: BudgetProgram, _ sensitivity: Sensitivity) -> Strategy? {
    var result = program.strategy(judging(by: sensitivity).sensitivity)
    result?.pins = parent.pins
    return result
  }

  /// By how much the logarithm of the divergence is expected to be less than the parent's.
  func expectedGain(of strategy: Strategy) -> Double {
    log(charged.loss(of: parent) / max(charged.loss(of: strategy), 1e-9))
  }

  /// The budget by whose losses offspring are compared if losses are those of `sensitivity`.
  func judging(by sensitivity: Sensitivity) -> Budget {
    Self.charging(charged.judging(by: sensitivity), parent)
  }

  /// A budget in which choices that the parent does not have lose more.
  private static func charging(_ budget: Budget, _ parent: Strategy) -> Budget {
    let charge = Float(Self.charge * budget.loss(of: parent))
    var losses = budget.sensitivity.losses
    for (unit, menu) in budget.space.units.map(\.menu).enumerated() {
      for choice in menu.indices where menu[choice] != parent.choices[unit] {
        losses[unit: unit, choice: choice] += charge
      }
    }
    return budget.judging(by: Sensitivity(losses: losses))
  }

  /// One to three units drawn uniformly, each with a choice that it does not have.
  func drawn(using generator: inout SeededGenerator) -> [UnitChoice] {
    let free = space.units.indices.filter { !pins.pins[$0] && space.units[$0].menu.count > 1 }
    guard !free.isEmpty else { return [] }
    let count = min(free.count, 1 + min(generator.index(below: 3), generator.index(below: 3)))
    return generator.permutation(of: free.count).prefix(count).map { place in
      let unit = free[place]
      let menu = space.units[unit].menu
      let current = menu.firstIndex(of: parent.choices[unit])
      var choice = generator.index(below: menu.count - (current == nil ? 0 : 1))
      if let current, choice >= current { choice += 1 }
      return UnitChoice(unit: unit, choice: choice)
    }
  }
}
