internal import Engine
internal import Formats
public import Patterns
internal import Tensors

/// A method without learning that a search has to beat, with equally many evaluations.
public enum Baseline: String, CaseIterable, Sendable {
  /// One tap pattern and one filter density for the whole network.
  case uniform
  /// Any choice for each unit, repaired into the budget.
  case random
  /// The cheapest choice of each unit that is expected to lose no more than a threshold, the same for all (FastNAS, in
  /// NVIDIA's Model Optimizer).
  case threshold
  /// The choices with the least expected loss for what they save, until the rest is within the budget.
  case greedy
  /// The choices with the least loss together, by dynamic programming.
  case dynamic
  /// One to three units changed at random from the best so far, each on all images.
  case evolution
  /// The same in stages, as the agent looks: the agent without a policy and a critic.
  case switches
}

extension Baseline {
  /// Runs the baseline.
  ///
  /// - Parameters:
  ///   - sensitivity: what the repair and the plans go by; see `SensitivityPlans`.
  ///   - latencies: what each choice does to the time of an image; a target of latency needs it.
  ///   - images: that may be looked at, over all strategies; all but a random search may run out of strategies earlier.
  ///   - tell: called with every strategy that was measured on all of the search's images, and the images looked at so
  ///     far.
  /// - Returns: all of these strategies, in order.
  public func run(
    _ workbench: Workbench, settings: SearchSettings, sensitivity: Sensitivity,
    latencies: Latencies? = nil, images: Int, tell: (SearchStep, Int) -> Void = { _, _ in }
  ) throws -> [SearchStep] {
    let space = workbench.space
    let budget = try Budget(settings.target, of: space, latencies, sensitivity: sensitivity)
    var generator = SeededGenerator(seed: settings.seed)
    var fixed: ArraySlice<Strategy> =
      switch self {
      case .uniform: Self.uniformStrategies(budget)[...]
      case .threshold: [Self.thresholdStrategy(budget)]
      case .random, .greedy, .dynamic, .evolution, .switches: []
      }
    var plans: SensitivityPlans? =
      switch self {
      case .uniform, .random, .threshold: nil
      case .greedy: .greedy(budget, seed: settings.seed)
      case .dynamic, .evolution, .switches: .dynamic(budget, seed: settings.seed)
      }
    let tournament = workbench.tournament(
      images: settings.images, isStaged: self == .switches)
    var seen: Set<[Pattern]> = []
    func planned() -> Strategy? {
      switch self {
      case .uniform, .threshold: fixed.popFirst()
      case .random: budget.repaired(Self.randomStrategy(space, using: &generator))
      case .greedy, .dynamic, .evolution, .switches: plans?.next()
      }
    }
    func offspring(of parent: Strategy) -> [Strategy] {
      let switching = Switching(parent, budget, pins: Strategy(denseFor: space))
      var offspring: [Strategy] = []
      for _ in 0..<Self.tries where offspring.count < tournament.offspring {
        let strategy = switching.switching(to: switching.drawn(using: &generator))
        if seen.insert(strategy.choices).inserted { offspring.append(strategy) }
      }
      return offspring
    }
    var (best, spent, generation) = (Tournament.Contestant?.none, 0, 0)
    /// The next strategy, looked at on all images; nil if there is none.
    func next() throws -> Tournament.Contestant? {
      guard let best, self == .evolution || self == .switches else {
        guard let strategy = planned() else { return nil }
        seen.insert(strategy.choices)
        spent += tournament.images
        return try tournament.contestant(strategy, on: workbench, nil)
      }
      let offspring = offspring(of: best.strategy)
      guard !offspring.isEmpty,
        let outcome = try tournament.play(
          offspring, against: best, number: generation, on: workbench, nil)
      else { return nil }
      generation += 1
      spent += outcome.images
      return outcome.winner
    }
    var steps: [SearchStep] = []
    while spent + tournament.images <= images, let contestant = try next() {
      if best.map({ contestant.divergence < $0.divergence }) ?? true {
        best = contestant
        plans?.keep()
      }
      let step = contestant.step(in: space, latencies)
      steps.append(step)
      tell(step, spent)
    }
    return steps
  }

  /// Offspring that are drawn in search of new ones, at most.
  private static let tries = 1000

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

  /// The strategy of the least threshold that fits the budget, found by bisection; what is left over is spent.
  static func thresholdStrategy(_ budget: Budget) -> Strategy {
    let space = budget.space
    let dense = Strategy(denseFor: space)
    let costs = budget.costs.ofChoices
    /// The choices of each unit, cheapest first.
    let choices = space.units.enumerated().map { unit, value in
      value.menu.enumerated().map { choice, pattern in
        (
          pattern: pattern, loss: budget.sensitivity.losses[unit: unit, choice: choice],
          cost: costs[unit: unit, choice: choice]
        )
      }.sorted { ($0.cost, $0.loss) < ($1.cost, $1.loss) }
    }
    func strategy(_ threshold: Float) -> Strategy {
      var strategy = dense
      for (unit, choices) in choices.enumerated() {
        if let choice = choices.first(where: { $0.loss <= threshold }) {
          strategy.choices[unit] = choice.pattern
        }
      }
      return strategy
    }
    let thresholds = Set(choices.joined().map(\.loss)).sorted()
    var (low, high) = (0, thresholds.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if budget.excess(of: strategy(thresholds[middle])) > 0 {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return budget.repaired(thresholds.isEmpty ? dense : strategy(thresholds[low]))
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
