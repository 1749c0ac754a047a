internal import Foundation
internal import Patterns

/// The distribution over strategies before anything has been learned.
///
/// With a price mu on what is budgeted, each unit alone prefers the choice with the least loss + mu * cost; mu is
/// found by bisection so that these choices together meet the budget (Lagrangian relaxation of the
/// knapsack). The regret of a choice is how much worse than the unit's best it is. Dynamic programming, this relaxation and greed
/// each say what to begin with.
struct StrategyPrior: Sendable {
  /// `[units][menu entries]`, 0 for each unit's best.
  let regrets: [[Double]]
  /// The regret that makes a choice e times less likely.
  let temperature: Double
  /// Plans within the budget.
  let program: BudgetProgram
  /// The strategies to begin with, all within the budget, pins kept, by expected loss.
  let strategies: [Strategy]

  /// The strategy that is expected to lose least.
  var strategy: Strategy { strategies[0] }

  /// - Parameter isPlanned: whether it prefers any choices; if not, it begins with a greedy strategy alone.
  init(_ budget: Budget, pins: Strategy, isPlanned: Bool = true) {
    let space = budget.space
    let total = Double(budget.costs.dense)
    let shares = budget.costs.ofChoices.map { _, cost in Double(cost) / total }
    func regrets(_ price: Double) -> [[Double]] {
      space.units.indices.map { unit in
        let scores = zip(budget.sensitivity.losses[unit: unit], shares[unit: unit]).map {
          Double($0) + price * $1
        }
        let least = scores.min() ?? 0
        return scores.map { $0 - least }
      }
    }
    func strategy(_ regrets: [[Double]]) -> Strategy {
      var result = pins
      for unit in regrets.indices where !pins.pins[unit] {
        let best = regrets[unit].firstIndex(of: 0) ?? 0
        result.choices[unit] = space.units[unit].menu[best]
      }
      return result
    }
    var (low, high) = (0.0, 1.0)
    while budget.excess(of: strategy(regrets(high))) > 0, high < 1e6 { high *= 2 }
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if budget.excess(of: strategy(regrets(middle))) > 0 { low = middle } else { high = middle }
    }
    let found = regrets(high)
    self.regrets = isPlanned ? found : found.map { $0.map { _ in 0 } }
    let relaxed = budget.repaired(strategy(found))
    program = BudgetProgram(budget, from: relaxed)
    let planned = program.strategy(budget.sensitivity)
    var greedy = pins
    for unit in space.units.indices where !pins.pins[unit] { greedy.choices[unit] = .dense }
    var seen: Set<Strategy> = []
    strategies = [planned, relaxed, budget.repaired(greedy)].suffix(isPlanned ? 3 : 1)
      .compactMap(\.self)
      .filter { seen.insert($0).inserted }
      .sorted { budget.loss(of: $0) < budget.loss(of: $1) }
    // Typically a unit's second best choice should be e times less likely than its best.
    let seconds = self.regrets.compactMap { $0.sorted().dropFirst().first }.sorted()
    temperature = max(seconds.isEmpty ? 1 : seconds[seconds.count / 2], 1e-6)
  }

  /// The log-probabilities of a step that changes a unit at `changeRate`, and then towards choices
  /// of little regret.
  func logProbabilities(unit: Int, current: Int, changeRate: Double) -> [Float] {
    let weights = regrets[unit].enumerated().map { choice, regret in
      choice == current ? 0 : exp(-min(regret / temperature, 50))
    }
    let sum = max(weights.reduce(0, +), .leastNormalMagnitude)
    return weights.enumerated().map { choice, weight in
      choice == current ? Float(log(1 - changeRate)) : Float(log(changeRate * weight / sum))
    }
  }
}
