import Formats
import Foundation
import Metrics
import ModelGraph
import Patterns
import Search
import TestSupport
import Testing

/// What is written for another device, and what is read of what comes back.
@Suite struct LatencyKitTests {
  private let folder: TemporaryFolder
  private let workbench: Workbench

  init() throws {
    folder = try TemporaryFolder()
    workbench = try SmallBench.make()
  }

  private func kit(_ engine: TargetEngine = .onnx, digest: String = "a") throws -> (
    kit: LatencyKit, space: PruningSpace
  ) {
    let space = PruningSpace(workbench.model.graph, engine: engine)
    return (try LatencyKit(workbench.model, digest: digest, space), space)
  }

  /// Times as a device's script writes them: every node takes as many seconds as it has MACs, and `factor` times more
  /// where it is called `slow`.
  private func table(_ names: [String], kit: String, slow: String = "", factor: Double = 1) throws
    -> String
  {
    let dense = try ModelFile.readStructure(at: folder["kit/dense.onnx"]).model.graph
    let networks = try names.map { name -> [[[Any]]] in
      let graph = try ModelFile.readStructure(at: folder["kit/\(name)"]).model.graph
      return [dense, graph].map { graph in
        graph.nodes.indices.filter { graph.macs(of: $0) > 0 }.map { index in
          let name = graph.nodes[index].name
          return [name, Double(graph.macs(of: index)) * (name == slow ? factor : 1)]
        }
      }
    }
    let table: [String: Any] = [
      "format": "sculpt-latency-table", "version": 1, "kit": kit, "device": "board",
      "engine": "ONNX Runtime", "networks": networks,
    ]
    return try folder.write(JSONSerialization.data(withJSONObject: table), to: "table-\(slow).json")
  }

  private func written() throws -> (names: [String], identity: String) {
    #expect(try kit().kit.write(to: folder["kit"], replacing: false) > 2)
    let data = try Data(contentsOf: URL(filePath: folder["kit/kit.json"]))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return (
      try #require(json["networks"] as? [String]), try #require(json["kit"] as? String)
    )
  }

  @Test func networksShareTheirValues() throws {
    let (names, _) = try written()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder["kit"])
    #expect(Set(files) == Set(names + ["kit.json", "measure.py", "values.bin"]))
    // The largest weight, once; each network is read with it.
    #expect(try bytes(of: folder["kit/values.bin"]).count == 16 * 16 * 9 * 4)
    for name in names {
      let model = try ModelFile.read(at: folder["kit/\(name)"]).model
      #expect(model.parameters["fc.bias"] == workbench.model.parameters["fc.bias"])
      for weight in model.parameters.values where weight.values.count >= 1024 {
        #expect(weight.values.first == -0.02)
      }
    }
    #expect(throws: FormatError.self) { try kit().kit.write(to: folder["kit"], replacing: false) }
    #expect(throws: SearchError.self) { try kit(.native) }
  }

  @Test func aTableIsReadForItsKitAlone() throws {
    let (names, identity) = try written()
    let (kit, space) = try kit()
    let read = try kit.read(table(names, kit: identity))
    #expect(read.device == "ONNX Runtime on board")
    let costs = CostModel(latenciesOf: space, read.table)
    for choice in space.alternatives {
      let strategy = Strategy(choosing: [choice], in: space)
      let expected = Double(space.cost(of: strategy).macs) / Double(space.denseCost.macs)
      #expect(abs(read.table.share(of: strategy, in: space) - expected) < 1e-6)
      #expect(abs(costs.share(of: strategy) - expected) < 1e-6)
    }
    for (path, hint) in [
      (try table(names, kit: "another", slow: "another"), "another model"),
      (try table(Array(names.dropLast()), kit: identity), "every network"),
      (folder["kit/kit.json"], "no table"),
    ] {
      #expect {
        try kit.read(path)
      } throws: { error in
        "\(error)".contains(hint)
      }
    }
  }

  /// On one device the first layer takes most of the time, on another the last: neither is forgotten.
  @Test func theSlowestDeviceCounts() throws {
    let (names, identity) = try written()
    let (kit, space) = try kit()
    let tables = try ["a", "c"].map {
      try kit.read(table(names, kit: identity, slow: $0, factor: 30)).table
    }
    let both = Latencies(tables)
    let sensitivity = Sensitivity(losses: ChoiceTable(of: space) { _, _ in 0 })
    let budget = Budget(latenciesOf: space, both, sensitivity: sensitivity, share: 0.6)
    let dense = Strategy(denseFor: space)
    var strategy = dense
    for choice in space.alternatives {
      strategy.choices[choice.unit] = space.pattern(of: choice)
      let slowest = tables.map { $0.share(of: strategy, in: space) }.max() ?? 1
      #expect(both.share(of: strategy, in: space) == slowest)
      #expect(abs(budget.excess(of: strategy) - max(0, slowest - 0.6)) < 1e-6)
    }
    #expect(both.share(of: dense, in: space) == 1)
    // One table is kept as before there were several.
    for latencies in [both, Latencies(tables[0])] {
      let data = try JSONEncoder().encode(latencies)
      #expect(try JSONDecoder().decode(Latencies.self, from: data) == latencies)
    }
    let data = try JSONEncoder().encode(tables[0])
    #expect(try JSONDecoder().decode(Latencies.self, from: data) == Latencies(tables[0]))
  }

  @Test func aBusyMachineIsNoticed() throws {
    let (names, identity) = try written()
    let (kit, space) = try kit()
    var table = try kit.read(table(names, kit: identity)).table
    #expect(table.repeated?.spread == 0)
    #expect(table.doubt == nil)
    table.repeated = Timings([1.00e-3, 1.02e-3, 1.04e-3, 1.5e-3])
    #expect(try #require(table.doubt).contains("1.000 to 1.500 ms"))
    #expect(Latencies(table).doubt == table.doubt)
    table.repeated = nil
    #expect(table.doubt == nil)
    #expect(table.shares.fits(space))
  }
}
