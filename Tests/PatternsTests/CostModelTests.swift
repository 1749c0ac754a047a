import Foundation
import Metrics
import ModelGraph
import TestSupport
import Testing

@testable import Patterns

/// What strategies cost, in MACs and in time.
struct CostModelTests {
  @Test(arguments: 1...20)
  func costsOfNodesAddUp(seed: Int) throws {
    let space = try PruningSpace(RandomNetwork.model(seed: UInt64(seed)).graph)
    var generator = SmallNetwork.Generator(state: UInt64(seed))
    let table = LatencyTable.random(for: space, using: &generator)
    let strategy = space.randomStrategy(seed)
    let macs = CostModel(macsOf: space)
    let time = CostModel(latenciesOf: space, table)
    #expect(macs.cost(of: strategy) == space.cost(of: strategy).macs)
    #expect(macs.dense == space.denseCost.macs)
    // Within half a nanosecond a node.
    let bound = Double(space.graph.nodes.count) / 2 + 1
    #expect(
      abs(Double(time.cost(of: strategy)) - table.seconds(of: strategy, in: space) * 1e9) <= bound)
    #expect(abs(time.share(of: strategy) - table.share(of: strategy, in: space)) < 1e-3)
    #expect(time.share(of: Strategy(denseFor: space)) == 1)
    // A change of a unit changes the nodes of that unit only.
    for costs in [macs, time] {
      for unit in space.units.indices {
        var changed = strategy
        changed.choices[unit] = .dense
        let difference = costs.cost(of: changed) - costs.cost(of: strategy)
        #expect(
          difference
            == costs.cost(of: changed, nodesOf: unit) - costs.cost(of: strategy, nodesOf: unit))
      }
    }
  }

  /// A mask that was drawn was never timed: its time is that of the choice with the nearest MACs.
  @Test func unknownMasksAreTakenForTheirNeighbours() throws {
    let space = try PruningSpace(SmallNetwork.model().graph)
    var generator = SmallNetwork.Generator(state: 7)
    var table = LatencyTable.random(for: space, using: &generator)
    let unit = try #require(space.unit(named: "stem.taps"))
    for (choice, pattern) in space.units[unit].menu.enumerated() {
      let kept = space.kept(pattern, of: unit).kept
      table.shares[unit: unit, choice: choice] = Dictionary(
        uniqueKeysWithValues: space.nodesOfUnit[unit].map { ($0, Double(kept) / 9) })
    }
    let drawn = Pattern.masks([try #require(TapMask("747", kernel: Extent(3, 3)))])
    #expect(!space.units[unit].menu.contains(drawn))
    let shares = table.shares(of: drawn, unit: unit, in: space)
    let distances = space.units[unit].menu.map { abs(space.kept($0, of: unit).kept - 7) }
    let least = try #require(distances.min())
    #expect(shares.count == space.nodesOfUnit[unit].count)
    for share in shares.values { #expect(abs(share * 9 - 7) < Double(least) + 1e-9) }
  }

  @Test func targetsReadBack() throws {
    for (target, text) in [
      (Target(0.5), "[0.5]"), (Target(0.25, of: .latency), #"[{"latency":0.25}]"#),
    ] {
      let data = try JSONEncoder().encode([target])
      #expect(String(decoding: data, as: UTF8.self) == text)
      #expect(try JSONDecoder().decode([Target].self, from: data) == [target])
    }
    let explicit = try JSONDecoder().decode([Target].self, from: Data(#"[{"macs":1}]"#.utf8))
    #expect(explicit == [Target(1)])
  }

  @Test(arguments: [#"["half"]"#, "[{}]", #"[{"joules":0.5}]"#, #"[{"macs":1,"latency":1}]"#])
  func otherTargetsAreRefused(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Target].self, from: Data(text.utf8))
    }
  }
}
