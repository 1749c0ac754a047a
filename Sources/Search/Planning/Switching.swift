internal import Patterns
internal import Tensors

/// Changes of a few units of a strategy that keep it within a budget: some units cheaper, others dearer.
struct Switching: Sendable {
  let budget: Budget
  /// Its pinned units are left alone.
  let pins: Strategy

  private var space: PruningSpace { budget.space }

  /// The strategy in which some units are changed; the others make room for them, or use what they leave.
  ///
  /// - Parameter choices: the new choices' places on the units' menus.
  func switching(_ parent: Strategy, to choices: [(unit: Int, choice: Int)]) -> Strategy {
    var held = parent
    for (unit, choice) in choices where !pins.pins[unit] {
      held.choices[unit] = space.units[unit].menu[choice]
      held.pins[unit] = true
    }
    var result = budget.repaired(held)
    result.pins = parent.pins
    // If what is held leaves no way into the budget, it has to give way, too.
    return budget.excess(of: result) > 0 ? budget.repaired(result) : result
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
