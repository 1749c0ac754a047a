internal import Patterns
internal import Tensors

/// Changes of a few units of a strategy that keep it within a budget: some units cheaper, others dearer.
struct Switching: Sendable {
  let budget: Budget
  /// Its pinned units are left alone.
  let pins: Strategy

  private var space: PruningSpace { budget.space }

  /// What a change of a unit loses beside what its losses say, as a share of the parent's loss: the parent was found to
  /// be better than its losses say, and each change gives some of that up.
  private static let charge = 0.03

  /// The strategy in which some units are changed; a few others make room for them, or use what they leave.
  ///
  /// - Parameter choices: the new choices' places on the units' menus.
  func switching(_ parent: Strategy, to choices: [(unit: Int, choice: Int)]) -> Strategy {
    var held = parent
    for (unit, choice) in choices where !pins.pins[unit] {
      held.choices[unit] = space.units[unit].menu[choice]
      held.pins[unit] = true
    }
    let budget = charging(for: parent)
    var result = budget.repaired(held)
    result.pins = parent.pins
    // If what is held leaves no way into the budget, it has to give way, too.
    return budget.excess(of: result) > 0 ? budget.repaired(result) : result
  }

  /// The budget by whose losses strategies made from `parent` are compared: choices that it does not have lose more.
  ///
  /// - Parameter sensitivity: the losses without that charge; the budget's own if nil.
  func charging(for parent: Strategy, _ sensitivity: Sensitivity? = nil) -> Budget {
    let budget = sensitivity.map(budget.judging) ?? budget
    let charge = Float(Self.charge * budget.loss(of: parent))
    var losses = budget.sensitivity.losses
    for (unit, menu) in space.units.map(\.menu).enumerated() {
      for choice in menu.indices where menu[choice] != parent.choices[unit] {
        losses[unit: unit, choice: choice] += charge
      }
    }
    return budget.judging(by: Sensitivity(losses: losses))
  }

  /// One to three units drawn uniformly, each with a choice that it does not have.
  func drawn(
    from parent: Strategy, using generator: inout SeededGenerator
  ) -> [(unit: Int, choice: Int)] {
    let free = space.units.indices.filter { !pins.pins[$0] && space.units[$0].menu.count > 1 }
    guard !free.isEmpty else { return [] }
    let count = min(free.count, 1 + min(generator.index(below: 3), generator.index(below: 3)))
    return generator.permutation(of: free.count).prefix(count).map { place in
      let unit = free[place]
      let menu = space.units[unit].menu
      let current = menu.firstIndex(of: parent.choices[unit])
      var choice = generator.index(below: menu.count - (current == nil ? 0 : 1))
      if let current, choice >= current { choice += 1 }
      return (unit, choice)
    }
  }
}
