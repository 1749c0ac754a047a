import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Search

@Suite struct DynamicProgramTests {
  /// Few enough to try every joint choice.
  private static func library() throws -> PatternLibrary {
    let (half, third) = (try #require(Density(1, 2)), try #require(Density(1, 3)))
    return PatternLibrary([
      .filter(half), .head(half), .neuron(third), .stripe(third), .taps(half), .tile(half),
    ])
  }

  /// A random network of which a few random units are free, the others pinned at random choices.
  private struct Case {
    let space: PruningSpace
    let start: Strategy
    let free: [Int]
    let sensitivity: Sensitivity
    let costs: CostModel

    init(seed: Int, _ resource: Target.Resource) throws {
      space = try PruningSpace(
        RandomNetwork.model(seed: UInt64(seed)).graph, library: DynamicProgramTests.library())
      var generator = SmallNetwork.Generator(state: UInt64(seed))
      var start = space.randomStrategy(seed)
      free = Array(space.units.indices.shuffled(using: &generator).prefix(7))
      start.pins = space.units.indices.map { [free] in !free.contains($0) }
      self.start = start
      sensitivity = Sensitivity(
        losses: ChoiceTable(of: space) { _, pattern in
          pattern == .dense ? 0 : .random(in: 0...1, using: &generator)
        })
      costs =
        switch resource {
        case .macs: CostModel(macsOf: space)
        case .latency: CostModel(latenciesOf: space, .random(for: space, using: &generator))
        }
    }

    func loss(of strategy: Strategy) -> Float {
      free.reduce(0) { sum, unit in
        let choice = space.units[unit].menu.firstIndex(of: strategy.choices[unit])
        return sum + (choice.map { sensitivity.losses[unit: unit, choice: $0] } ?? .infinity)
      }
    }

    /// Every strategy that the pins allow, with its cost and its loss.
    func all() -> [(cost: Int, loss: Float)] {
      free.reduce([start]) { strategies, unit in
        strategies.flatMap { strategy in
          space.units[unit].menu.map { pattern in
            var changed = strategy
            changed.choices[unit] = pattern
            return changed
          }
        }
      }.map { (costs.cost(of: $0), loss(of: $0)) }
    }
  }

  /// Over residual sums, concatenations, splits, shuffles, gates and attention.
  @Test(arguments: 1...30, Target.Resource.allCases)
  func isAsGoodAsEveryJointChoiceWithinTheBound(seed: Int, resource: Target.Resource) throws {
    let network = try Case(seed: seed, resource)
    let all = network.all()
    let (least, most) = (all.map(\.cost).min() ?? 0, all.map(\.cost).max() ?? 0)
    // A grid of single units is small enough for small networks only.
    for cells in most > 200_000 ? [64, 4096] : [64, 4096, .max >> 1] {
      let program = DynamicProgram(network.costs, from: network.start, cells: cells)
      for budget in [least, (least + most) / 2, (least + 3 * most) / 4, most] {
        let slack = program.slack(limit: budget)
        let reached = all.filter { $0.cost <= budget - slack }.map(\.loss).min()
        guard let strategy = program.strategy(network.sensitivity, within: budget) else {
          #expect(reached == nil)
          continue
        }
        #expect(network.costs.cost(of: strategy) <= budget)
        #expect(network.loss(of: strategy) <= (reached ?? .infinity) + 1e-4)
        for unit in network.space.units.indices where network.start.pins[unit] {
          #expect(strategy.choices[unit] == network.start.choices[unit])
        }
      }
      #expect(program.strategy(network.sensitivity, within: least - 1) == nil)
    }
  }

  /// Units that are tied to too many others are held, and the others are no worse for it than the start.
  @Test(arguments: 1...10)
  func fewJointChoicesGiveNothingWorseThanTheStart(seed: Int) throws {
    let network = try Case(seed: seed, .macs)
    let budget = network.costs.cost(of: network.start)
    let program = DynamicProgram(
      network.costs, from: network.start, cells: 1 << 16, jointChoices: 4)
    let slack = program.slack(limit: budget)
    let strategy = try #require(
      program.strategy(network.sensitivity, within: budget + slack))
    #expect(network.costs.cost(of: strategy) <= budget + slack)
    #expect(network.loss(of: strategy) <= network.loss(of: network.start) + 1e-4)
  }
}
