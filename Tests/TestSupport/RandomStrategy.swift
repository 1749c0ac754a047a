public import Patterns

extension PruningSpace {
  /// A choice from each unit's menu at random, of those units only that `isChosen` says.
  public func randomStrategy(
    _ seed: Int, where isChosen: (PrunableUnit) -> Bool = { _ in true }
  ) -> Strategy {
    var generator = SmallNetwork.Generator(state: UInt64(seed))
    var strategy = Strategy(denseFor: self)
    for (index, unit) in units.enumerated() where isChosen(unit) {
      strategy.choices[index] = unit.menu.randomElement(using: &generator) ?? .dense
    }
    return strategy
  }
}
