/// One choice for every unit of a space, and which of them the search may not change.
public struct Strategy: Hashable, Sendable, Codable {
  /// One pattern a unit.
  public var choices: [Pattern]
  /// Whether each unit is pinned.
  public var pins: [Bool]

  /// Nothing pruned, nothing pinned.
  public init(denseFor space: PruningSpace) {
    choices = [Pattern](repeating: .dense, count: space.units.count)
    pins = [Bool](repeating: false, count: space.units.count)
  }

  /// Whether nothing is pruned.
  public var isDense: Bool { choices.allSatisfy { $0 == .dense } }
}
