import Agent
import Foundation
import ModelGraph
import Patterns
import TestSupport
import Testing

@testable import Search

@Suite struct ObservationBuilderTests {
  /// A random network's decisions, a random strategy with every third unit pinned, and what the agent sees of it.
  private struct Case {
    let space: PruningSpace
    let strategy: Strategy
    let observation: Observation
    let changeRate = 0.2

    init(seed: Int) throws {
      space = PruningSpace(try RandomNetwork.model(seed: UInt64(seed)).graph)
      var generator = SmallNetwork.Generator(state: UInt64(seed))
      let sensitivity = Sensitivity(
        losses: ChoiceTable(of: space) { _, pattern in
          pattern == .dense ? 0 : .random(in: 0...1, using: &generator)
        })
      let costs = CostModel(macsOf: space)
      let budget = Budget(costs, sensitivity: sensitivity, share: 0.5)
      var strategy = space.randomStrategy(seed)
      for unit in stride(from: 0, to: space.units.count, by: 3) { strategy.pins[unit] = true }
      self.strategy = strategy
      observation = ObservationBuilder(costs, sensitivity: sensitivity).observation(
        of: strategy, prior: StrategyPrior(budget, pins: strategy), budget: budget,
        changeRate: changeRate)
    }
  }

  @Test(arguments: 0..<30)
  func everyNumberIsOneThatTheAgentCanUse(seed: Int) throws {
    let seen = try Case(seed: seed)
    let (nodes, units) = (seen.space.graph.nodes.count, seen.observation.units)
    #expect(seen.observation.nodeFeatures.rowCount == nodes)
    #expect(seen.observation.nodeFeatures.columnCount == ObservationBuilder.nodeFeatureCount)
    #expect(seen.observation.nodeFeatures.values.allSatisfy { $0.isFinite })
    #expect(units.count == seen.space.units.count)
    for unit in units {
      #expect(unit.choiceFeatures.columnCount == ObservationBuilder.choiceFeatureCount)
      #expect(unit.choiceFeatures.values.allSatisfy { $0.isFinite })
      #expect(unit.prior.count == unit.choiceFeatures.rowCount)
      let areThere = unit.nodes.allSatisfy { (0..<nodes).contains($0) }
      #expect(areThere && !unit.nodes.isEmpty)
    }
    for edge in seen.observation.edges {
      #expect((0..<nodes).contains(edge.source) && (0..<nodes).contains(edge.target))
      // Data flows forwards.
      #expect(edge.kind == .coupling || edge.source < edge.target)
    }
  }

  @Test(arguments: 0..<30)
  func pinnedUnitsHaveOneChoiceAndOthersTheirMenu(seed: Int) throws {
    let seen = try Case(seed: seed)
    for (index, unit) in seen.observation.units.enumerated() {
      let menu = seen.space.units[index].menu
      #expect(unit.choiceFeatures.rowCount == (seen.strategy.pins[index] ? 1 : menu.count))
      guard !seen.strategy.pins[index] else { continue }
      // The prior is a distribution that stays where it is at the rate at which it does not change.
      let probabilities = unit.prior.map { exp(Double($0)) }
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-4)
      let current = try #require(menu.firstIndex(of: seen.strategy.choices[index]))
      #expect(abs(probabilities[current] - (1 - seen.changeRate)) < 1e-5)
    }
  }

  @Test func everyOperandAndCouplingIsAnEdge() throws {
    let seen = try Case(seed: 4)
    let graph = seen.space.graph
    let flows = seen.observation.edges.count { $0.kind != .coupling }
    #expect(flows == graph.nodes.reduce(0) { $0 + $1.inputs.count })
    let couplings = seen.space.groups.groups.reduce(0) { $0 + max(0, $1.producers.count - 1) }
    #expect(seen.observation.edges.count { $0.kind == .coupling } == couplings)
  }
}
