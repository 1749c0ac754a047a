/// One choice of one unit, by its place on the unit's menu.
///
///     let only = Strategy(choosing: [space.alternatives[0]], in: space)
public struct UnitChoice: Hashable, Sendable, Codable {
  /// The number of the unit in its space.
  public let unit: Int
  /// The choice's place on the unit's menu; 0 is dense.
  public let choice: Int

  /// A choice of a unit.
  public init(unit: Int, choice: Int) {
    self.unit = unit
    self.choice = choice
  }
}

extension PruningSpace {
  /// The pattern of a choice.
  public func pattern(of choice: UnitChoice) -> Pattern { units[choice.unit].menu[choice.choice] }

  /// Every choice of every unit but the dense ones, unit after unit.
  public var alternatives: [UnitChoice] {
    units.enumerated().flatMap { unit, description in
      description.menu.indices.dropFirst().map { UnitChoice(unit: unit, choice: $0) }
    }
  }
}

extension Strategy {
  /// Some choices, of units that are not the same, and nothing else pruned or pinned.
  public init(choosing choices: [UnitChoice], in space: PruningSpace) {
    self.init(denseFor: space)
    for choice in choices { self.choices[choice.unit] = space.pattern(of: choice) }
  }
}

extension ChoiceTable {
  /// The value of a choice.
  public subscript(choice: UnitChoice) -> Value {
    get { self[unit: choice.unit, choice: choice.choice] }
    set { self[unit: choice.unit, choice: choice.choice] = newValue }
  }
}
