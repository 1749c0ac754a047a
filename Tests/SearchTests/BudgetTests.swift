import Foundation
import Patterns
import TestSupport
import Testing

@testable import Search

@Suite struct BudgetTests {
  /// The small bench's decisions with random losses, a random budget, and a random strategy with random pins.
  private struct Case {
    let budget: Budget
    let strategy: Strategy

    init(seed: Int) throws {
      let space = try Self.space.get()
      var generator = SmallNetwork.Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      let sensitivity = Sensitivity(
        losses: ChoiceTable(of: space) { _, pattern in
          pattern == .dense ? 0 : .random(in: 0...1, using: &generator)
        })
      let costs =
        seed % 2 == 0
        ? CostModel(macsOf: space)
        : CostModel(latenciesOf: space, .random(for: space, using: &generator))
      budget = Budget(
        costs, sensitivity: sensitivity, share: .random(in: 0.2...1, using: &generator))
      var strategy = Strategy(denseFor: space)
      for (unit, menu) in space.units.map(\.menu).enumerated() {
        strategy.choices[unit] = menu.randomElement(using: &generator) ?? .dense
        strategy.pins[unit] = Int.random(in: 0..<4, using: &generator) == 0
      }
      self.strategy = strategy
    }

    private static let space = Result { try SmallBench.make().space }

    /// Every strategy that differs from one in a single unit that is not pinned.
    func neighbours(of strategy: Strategy) -> [Strategy] {
      budget.space.units.indices.filter { !strategy.pins[$0] }.flatMap { unit in
        budget.space.units[unit].menu.map { pattern in
          var changed = strategy
          changed.choices[unit] = pattern
          return changed
        }
      }
    }
  }

  @Test(arguments: 0..<30)
  func aRepairedStrategyIsWithinTheBudgetIfThePinsLeaveAWay(seed: Int) throws {
    let example = try Case(seed: seed)
    let (budget, repaired) = (example.budget, example.budget.repaired(example.strategy))
    for unit in budget.space.units.indices where example.strategy.pins[unit] {
      #expect(repaired.choices[unit] == example.strategy.choices[unit])
    }
    #expect(repaired.pins == example.strategy.pins)
    let neighbours = example.neighbours(of: repaired)
    if budget.excess(of: repaired) > 0 {
      // No choice saves anything any more.
      let cost = budget.costs.cost(of: repaired)
      #expect(neighbours.allSatisfy { budget.costs.cost(of: $0) >= cost })
    } else {
      // Nothing that is left over would undo harm.
      let loss = budget.loss(of: repaired)
      #expect(
        neighbours.allSatisfy {
          budget.excess(of: $0) > 0 || budget.loss(of: $0) > loss - 1e-6
            || budget.costs.cost(of: $0) <= budget.costs.cost(of: repaired)
        })
    }
    #expect(budget.repaired(repaired) == repaired)
  }

  @Test(arguments: 0..<30)
  func theExcessIsWhatIsOverTheLimit(seed: Int) throws {
    let example = try Case(seed: seed)
    let budget = example.budget
    let over = budget.costs.cost(of: example.strategy) - budget.limit
    #expect(
      budget.excess(of: example.strategy) == max(0, Double(over) / Double(budget.costs.dense)))
    #expect(budget.excess(of: Strategy(denseFor: budget.space)) >= 0)
  }

  /// What to begin with is within the budget, keeps the pins, and the best goes first.
  @Test(arguments: 0..<30)
  func priorsAreWithinTheBudget(seed: Int) throws {
    let example = try Case(seed: seed)
    let budget = example.budget
    let prior = StrategyPrior(budget, pins: example.strategy)
    // What the pins alone force is over the budget for every strategy.
    let forced = budget.excess(of: budget.repaired(example.strategy)) > 0
    for strategy in prior.strategies {
      #expect(forced || budget.excess(of: strategy) == 0)
      for unit in budget.space.units.indices where example.strategy.pins[unit] {
        #expect(strategy.choices[unit] == example.strategy.choices[unit])
      }
    }
    let losses = prior.strategies.map(budget.loss(of:))
    #expect(losses == losses.sorted())
    #expect(Set(prior.strategies).count == prior.strategies.count)
    for (unit, regrets) in zip(budget.space.units, prior.regrets) {
      #expect(regrets.count == unit.menu.count)
      #expect(regrets.min() == 0)
    }
  }

  /// Changing a unit has the probability asked for; towards a choice, the more the less regret it has.
  @Test(arguments: 0..<10)
  func stepsAreProbabilities(seed: Int) throws {
    let example = try Case(seed: seed)
    let prior = StrategyPrior(example.budget, pins: Strategy(denseFor: example.budget.space))
    for (unit, menu) in example.budget.space.units.map(\.menu).enumerated() where menu.count > 1 {
      for current in menu.indices {
        let logs = prior.logProbabilities(unit: unit, current: current, changeRate: 0.3)
        let chances = logs.map { exp(Double($0)) }
        #expect(abs(chances.reduce(0, +) - 1) < 1e-4)
        #expect(abs(chances[current] - 0.7) < 1e-5)
        for (one, other) in zip(menu.indices, menu.indices.dropFirst())
        where one != current && other != current {
          let regrets = prior.regrets[unit]
          #expect(
            regrets[one] < regrets[other] ? logs[one] >= logs[other] : logs[one] <= logs[other])
        }
      }
    }
  }
}
