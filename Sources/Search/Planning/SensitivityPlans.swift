internal import Foundation
internal import Patterns
internal import Tensors

/// Strategies that the sensitivity of the units leads to, for a search by trial.
///
/// The first one follows from the losses as they were measured. Losses add up only roughly, so the next ones
/// follow from losses with a weight for each unit, near those weights that led to the best strategy so far
/// (the local search of SPDY, arXiv 2201.09871).
struct SensitivityPlans {
  private let sensitivity: Sensitivity
  /// The planner: from losses to a strategy.
  private let plan: (Sensitivity) -> Strategy
  /// Those of the best strategy so far, and those of the last one.
  private var best: [Double]
  private var last: [Double]
  private var seen: Set<Strategy> = []
  private var generator: SeededGenerator

  /// The share of weights that change from the best.
  private static let changeRate = 0.25
  /// The deviation of a change's logarithm.
  private static let deviation = 0.5
  /// Weights that are tried for a strategy that is new.
  private static let tries = 50

  init(
    _ sensitivity: Sensitivity, seed: UInt64, plan: @escaping (Sensitivity) -> Strategy
  ) {
    self.sensitivity = sensitivity
    self.plan = plan
    best = [Double](repeating: 1, count: sensitivity.losses.unitCount)
    last = best
    generator = SeededGenerator(seed: seed)
  }

  /// The choices with the least loss first, until the rest is within the budget: greedily, by loss for what is saved.
  static func greedy(_ budget: Budget, seed: UInt64) -> SensitivityPlans {
    SensitivityPlans(budget.sensitivity, seed: seed) { budget.greedyStrategy($0) }
  }

  /// The choices with the least loss together, as far as `DynamicProgram` says; what is left over is spent.
  static func dynamic(_ budget: Budget, seed: UInt64) -> SensitivityPlans {
    let program = BudgetProgram(budget, from: budget.greedyStrategy(budget.sensitivity))
    return SensitivityPlans(budget.sensitivity, seed: seed) { sensitivity in
      program.strategy(sensitivity) ?? budget.greedyStrategy(sensitivity)
    }
  }

  /// The next strategy, which was not there before; nil if none is found.
  mutating func next() -> Strategy? {
    for _ in 0..<Self.tries {
      if !seen.isEmpty {
        last = best.map { weight in
          generator.uniform() < Self.changeRate
            ? weight * exp(Self.deviation * generator.normal()) : weight
        }
      }
      let weighted = sensitivity.losses.map { unit, loss in loss * Float(last[unit]) }
      let strategy = plan(Sensitivity(losses: weighted))
      if seen.insert(strategy).inserted { return strategy }
    }
    return nil
  }

  /// Says that the last strategy is the best so far.
  mutating func keep() { best = last }
}

extension Budget {
  /// Dense, repaired as these losses say.
  fileprivate func greedyStrategy(_ sensitivity: Sensitivity) -> Strategy {
    judging(by: sensitivity).repaired(Strategy(denseFor: space))
  }
}
