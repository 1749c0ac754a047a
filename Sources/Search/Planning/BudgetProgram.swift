internal import Foundation
internal import Patterns

/// Dynamic programming within a budget that may have to hold on several devices.
///
/// What every device can pay for is within the limit in any mean of their costs, which is additive as each of them is.
/// So the best strategy by a mean, a surrogate constraint (Glover, Operations Research 16, 1968), loses no more than the
/// best one of all, and is that one if every device can pay for it. The weights of the mean are looked for: the device
/// that is furthest over the limit gets more, in steps that halve when it is another one (with two devices a bisection;
/// Dyer, Mathematical Programming 19, 1980). Where no mean leads to a strategy that all devices can pay for, it is
/// repaired, or the first one on the front of cost and loss is taken that they can: of all means that were tried the
/// best.
struct BudgetProgram {
  private let budget: Budget
  private let program: DynamicProgram

  /// The means that are tried, beside each device alone where none of them is enough.
  private static let rounds = 12
  /// By how much the logarithm of a weight grows at first.
  private static let firstStep = 1.0

  /// A program over all units that `start` does not pin; see `DynamicProgram`.
  init(_ budget: Budget, from start: Strategy, cells: Int = 1024) {
    self.budget = budget
    let devices = budget.devices.indices
    var (best, least) = (DynamicProgram?.none, Double.infinity)
    /// Plans by a mean; returns the device that is furthest over the limit in what the mean alone leads to.
    func dearest(by weights: [Double]) -> Int? {
      let program = DynamicProgram(budget.mean(weights), from: start, cells: cells)
      guard devices.count > 1 else {
        best = program
        return nil
      }
      let (plan, relaxed) = Self.plan(program, budget)
      let loss = plan.map(budget.loss) ?? .infinity
      if best == nil || loss < least { (best, least) = (program, loss) }
      guard let relaxed else { return nil }
      let costs = devices.map { budget.devices[$0].cost(of: relaxed) }
      return devices.filter { costs[$0] > budget.limit }.max { costs[$0] < costs[$1] }
    }
    var weights = [Double](repeating: 1, count: devices.count)
    var (step, last) = (Self.firstStep, Int?.none)
    var round = 0
    while let device = dearest(by: weights), round < Self.rounds {
      if let last, last != device { step /= 2 }
      last = device
      weights[device] *= exp(step)
      round += 1
    }
    if round == Self.rounds {
      for device in devices { _ = dearest(by: devices.map { $0 == device ? 1 : 0 }) }
    }
    guard let best else { preconditionFailure("a mean is tried at least") }
    program = best
  }

  /// The strategy within the budget that loses least, in the mean that is the best by the budget's own losses; nil if
  /// none is found.
  func strategy(_ sensitivity: Sensitivity) -> Strategy? {
    Self.plan(program, budget.judging(by: sensitivity)).plan
  }

  /// The best strategy within a budget that a mean leads to, and what is the best one by the mean alone.
  private static func plan(
    _ program: DynamicProgram, _ budget: Budget
  ) -> (plan: Strategy?, relaxed: Strategy?) {
    let front = program.strategies(budget.sensitivity, within: budget.limit)
    func isWithin(_ strategy: Strategy) -> Bool { budget.excess(of: strategy) == 0 }
    let relaxed = front.first
    if let relaxed, isWithin(relaxed) { return (budget.repaired(relaxed), relaxed) }
    let plans = [relaxed, front.first(where: isWithin)].compactMap(\.self).map(budget.repaired)
    return (
      plans.filter(isWithin).min { budget.loss(of: $0) < budget.loss(of: $1) }, relaxed
    )
  }
}
