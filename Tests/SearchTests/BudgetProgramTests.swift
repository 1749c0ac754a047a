import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Search

/// Plans that several devices can pay for.
@Suite struct BudgetProgramTests {
  /// A random network of which a few random units are free, with devices that are quite unlike.
  private struct Case {
    let space: PruningSpace
    let start: Strategy
    let sensitivity: Sensitivity
    let latencies: Latencies
    /// Every strategy that the pins allow.
    let all: [(strategy: Strategy, shares: [Double], loss: Double)]

    init(seed: Int, devices: Int) throws {
      let densities = try [1, 2].map { try #require(Density($0, 3)) }
      let space = PruningSpace(
        try RandomNetwork.model(seed: UInt64(seed)).graph,
        library: PatternLibrary(densities.flatMap { [.filter($0), .taps($0), .tile($0)] }))
      var generator = SmallNetwork.Generator(state: UInt64(seed))
      let free = Array(space.units.indices.shuffled(using: &generator).prefix(6))
      var start = Strategy(denseFor: space)
      start.pins = space.units.indices.map { !free.contains($0) }
      let sensitivity = Sensitivity(
        losses: ChoiceTable(of: space) { _, pattern in
          pattern == .dense ? 0 : .random(in: 0...1, using: &generator)
        })
      let latencies = Latencies(
        (0..<devices).map { _ in .random(for: space, using: &generator) })
      let strategies = free.reduce([start]) { strategies, unit in
        strategies.flatMap { strategy in
          space.units[unit].menu.map { pattern in
            var changed = strategy
            changed.choices[unit] = pattern
            return changed
          }
        }
      }
      let budget = Budget(
        latenciesOf: space, latencies, sensitivity: sensitivity, share: 1)
      all = strategies.map { strategy in
        (
          strategy, latencies.tables.map { $0.share(of: strategy, in: space) },
          budget.loss(of: strategy)
        )
      }
      (self.space, self.start, self.sensitivity, self.latencies) = (
        space, start, sensitivity, latencies
      )
    }

    /// What the best strategy loses that is found by a mean of the devices: of those that no other one beats in the
    /// mean and in loss, the first that all devices can pay for.
    func leastLoss(by weights: [Double], within share: Double) -> Double? {
      let means = all.map { one in
        zip(one.shares, weights).reduce(0) { $0 + $1.0 * $1.1 }
      }
      var (least, found) = (Double.infinity, Double?.none)
      for place in all.indices.sorted(by: { means[$0] < means[$1] })
      where all[place].loss < least {
        least = all[place].loss
        if (all[place].shares.max() ?? 0) <= share { found = least }
      }
      return found
    }
  }

  /// All weights of so many devices in eighths.
  private static func weightings(_ devices: Int, of whole: Int = 8) -> [[Double]] {
    if devices == 1 { return [[Double(whole)]] }
    return (0...whole).flatMap { first in
      weightings(devices - 1, of: whole - first).map { [Double(first)] + $0 }
    }
  }

  @Test(arguments: 1...20, [2, 3])
  func aPlanHoldsOnEveryDeviceAndNoMeanIsBetter(seed: Int, devices: Int) throws {
    let network = try Case(seed: seed, devices: devices)
    let worst = network.all.map { $0.shares.max() ?? 0 }.sorted()
    for quantile in [0.1, 0.3, 0.6] {
      let share = worst[Int(Double(worst.count) * quantile)] + 1e-6
      let budget = Budget(
        latenciesOf: network.space, network.latencies, sensitivity: network.sensitivity,
        share: share)
      let planned = BudgetProgram(budget, from: network.start, cells: 1 << 14)
        .strategy(network.sensitivity)
      let plan = try #require(planned)
      #expect(network.latencies.share(of: plan, in: network.space) <= share + 1e-6)
      #expect(budget.excess(of: plan) == 0)
      let loss = budget.loss(of: plan)
      for weights in Self.weightings(devices) {
        let single = network.leastLoss(by: weights, within: share - 1e-6)
        #expect(loss <= (single ?? .infinity) + 1e-4, "\(weights)")
      }
    }
  }
}
