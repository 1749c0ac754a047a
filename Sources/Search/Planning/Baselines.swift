public import Patterns
internal import Tensors

/// A method without learning that a search has to beat, with equally many evaluations.
public enum Baseline: String, CaseIterable, Sendable {
  /// One tap pattern and one filter density for the whole network.
  case uniform
  /// Any choice for each unit, repaired into the budget.
  case random
  /// The choices with the least expected loss for what they save, until the rest is within the budget.
  case greedy
  /// The choices with the least loss together, by dynamic programming.
  case dynamic
}

extension Baseline {
  /// Runs the baseline.
  ///
  /// - Parameters:
  ///   - sensitivity: what the repair and the plans go by; see `SensitivityPlans`.
  ///   - latencies: what each choice does to the time of an image; a target of latency needs it.
  ///   - evaluations: strategies to measure at most; all but a random search may run out of them earlier.
  ///   - progress: called after every evaluation with their number.
  /// - Returns: every strategy measured, in order.
  public func run(
    _ workbench: Workbench, settings: SearchSettings, sensitivity: Sensitivity,
    latencies: LatencyTable? = nil, evaluations: Int, progress: (Int) -> Void = { _ in }
  ) throws -> [SearchStep] {
    let space = workbench.space
    let costs = try CostModel(of: settings.target.resource, space, latencies)
    let budget = Budget(costs, sensitivity: sensitivity, share: settings.target.share)
    var generator = SeededGenerator(seed: settings.seed)
    var uniform = self == .uniform ? Self.uniformStrategies(budget)[...] : []
    var plans: SensitivityPlans? =
      switch self {
      case .uniform, .random: nil
      case .greedy: .greedy(budget, seed: settings.seed)
      case .dynamic: .dynamic(budget, seed: settings.seed)
      }
    func proposal() -> Strategy? {
      switch self {
      case .uniform: uniform.popFirst()
      case .random: budget.repaired(Self.randomStrategy(space, using: &generator))
      case .greedy, .dynamic: plans?.next()
      }
    }
    var steps: [SearchStep] = []
    while steps.count < evaluations, let strategy = proposal() {
      guard
        let measurement = try workbench.measure(
          strategy, images: settings.images, judgesOutputs: settings.judgesOutputs)
      else { break }
      let score = settings.score(of: measurement)
      if steps.allSatisfy({ $0.score < score }) { plans?.keep() }
      steps.append(
        SearchStep(
          strategy: strategy, measurement: measurement, score: score, reward: score,
          excess: 0,
          latency: latencies?.share(of: strategy, in: space)))
      progress(steps.count)
    }
    return steps
  }

  /// Every strategy that fits the budget and makes one choice for all units of a kind, dearest first.
  static func uniformStrategies(_ budget: Budget) -> [Strategy] {
    let space = budget.space
    var strategies = [Strategy(denseFor: space)]
    for kind in Set(space.units.map(\.kind)).sorted(by: { $0.rawValue < $1.rawValue }) {
      let units = space.units.indices.filter { space.units[$0].kind == kind }
      var patterns: [Pattern] = []
      for unit in units { patterns += space.units[unit].menu.filter { !patterns.contains($0) } }
      strategies = strategies.flatMap { strategy in
        patterns.map { pattern in
          var strategy = strategy
          for unit in units where space.units[unit].menu.contains(pattern) {
            strategy.choices[unit] = pattern
          }
          return strategy
        }
      }
    }
    var seen: Set<Strategy> = []
    return strategies.filter { budget.excess(of: $0) == 0 && seen.insert($0).inserted }
      .map { ($0, budget.costs.cost(of: $0)) }.sorted { $0.1 > $1.1 }.map(\.0)
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
