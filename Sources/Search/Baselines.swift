internal import Engine
public import Patterns
internal import Tensors

/// What a search has to beat, with equally many evaluations.
public enum Baseline: String, CaseIterable, Sendable {
  /// One tap pattern and one filter density for the whole network.
  case uniform
  /// Any choice for each unit, repaired into the budget.
  case random
}

extension Baseline {
  /// Runs the baseline.
  ///
  /// - Parameters:
  ///   - sensitivity: what the repair goes by.
  ///   - evaluations: strategies to measure at most; a uniform search may run out of them earlier.
  ///   - progress: called after every evaluation with their number.
  /// - Returns: every strategy measured, in order.
  public func run(
    _ workbench: Workbench, settings: SearchSettings, sensitivity: Sensitivity, evaluations: Int,
    progress: (Int) -> Void = { _ in }
  ) throws -> [SearchStep] {
    let space = workbench.space
    let budget = Budget(space, sensitivity: sensitivity, target: settings.target)
    var generator = SeededGenerator(seed: settings.seed)
    let uniform = self == .uniform ? Self.uniformStrategies(budget) : []
    var steps: [SearchStep] = []
    let count = self == .uniform ? min(evaluations, uniform.count) : evaluations
    for index in 0..<count {
      let strategy =
        self == .uniform
        ? uniform[index] : budget.repaired(Self.randomStrategy(space, using: &generator))
      // Only the best counts here, so one that cannot be it any more is not measured to the end.
      let best = steps.map(\.measurement.accuracy.fraction).max()
      guard
        let measurement = try workbench.measure(
          strategy, images: settings.images, race: best.map { Race(against: $0) })
      else { break }
      steps.append(
        SearchStep(
          strategy: strategy, measurement: measurement, reward: measurement.accuracy.fraction,
          excess: 0))
      progress(index + 1)
    }
    return steps
  }

  /// Every pair of a tap pattern and a filter density that fits the budget, dearest first.
  static func uniformStrategies(_ budget: Budget) -> [Strategy] {
    let space = budget.space
    let menus = space.units.map(\.menu)
    func all(_ isTaps: Bool) -> [Pattern] {
      var patterns: [Pattern] = []
      for (unit, menu) in zip(space.units, menus) where unit.prunesTaps == isTaps {
        patterns += menu.filter { !patterns.contains($0) }
      }
      return patterns
    }
    var strategies: [Strategy] = []
    for taps in all(true) + (all(true).isEmpty ? [.dense] : []) {
      for filters in all(false) + (all(false).isEmpty ? [.dense] : []) {
        var strategy = Strategy(denseFor: space)
        for (unit, menu) in menus.enumerated() {
          let pattern = space.units[unit].prunesTaps ? taps : filters
          if menu.contains(pattern) { strategy.choices[unit] = pattern }
        }
        if budget.excess(of: strategy) == 0, !strategies.contains(strategy) {
          strategies.append(strategy)
        }
      }
    }
    return strategies.map { ($0, space.cost(of: $0).macs) }.sorted { $0.1 > $1.1 }.map(\.0)
  }

  private static func randomStrategy(
    _ space: PruningSpace, using generator: inout SeededGenerator
  ) -> Strategy {
    var strategy = Strategy(denseFor: space)
    for unit in space.units.indices {
      let menu = space.units[unit].menu
      strategy.choices[unit] = menu[generator.index(below: menu.count)]
    }
    return strategy
  }
}

extension PrunableUnit {
  /// Whether this unit prunes taps, not channels.
  var prunesTaps: Bool {
    if case .taps = target { true } else { false }
  }
}
