import Engine
import ModelGraph
import Patterns
import Pruning
import TestSupport
import Testing

/// What must hold for any network of the engine's operators.
@Suite struct ChannelRemovalTests {
  /// A network without some channels computes what the whole one computes when nothing reads them.
  @Test(arguments: UInt64(0)..<300)
  func removedChannelsAreThoseThatNothingReads(seed: UInt64) throws {
    let model = try RandomNetwork.model(seed: seed)
    let space = PruningSpace(model.graph, library: try channelLibrary())
    var generator = SmallNetwork.Generator(state: seed)
    let pruned = try space.apply(space.randomStrategy(Int(seed)), to: model)
    #expect(
      pruned.cost
        == Cost(macs: pruned.model.graph.macs, parameters: pruned.model.graph.parameterCount))
    let image = (0..<model.graph.inputShape.count).map { _ in
      Double.random(in: -1...1, using: &generator)
    }
    let expected = ReferenceNetwork(model.silenced(as: pruned)).output(for: image)
    let seen = ReferenceNetwork(pruned.model).output(for: image)
    let scale = expected.map(abs).max() ?? 1
    #expect(zip(expected, seen).allSatisfy { abs($0 - $1) <= 1e-9 * max(scale, 1) })
  }

  /// Half of everything, so that each network loses something.
  private func channelLibrary() throws -> PatternLibrary {
    let half = try #require(Density("1/2"))
    let most = try #require(Density("3/4"))
    return PatternLibrary([
      .filter(half), .head(half), .neuron(half), .filter(most), .head(most), .neuron(most),
    ])
  }

  /// One value for all channels, however many axes it is written with.
  @Test(arguments: [[], [1], [1, 1], [1, 1, 1]], [false, true])
  func constantsOfOneElementStay(dimensions: [Int], isSlope: Bool) throws {
    func conv(_ name: String, _ input: String) -> NodeDeclaration {
      NodeDeclaration(
        name: name,
        op: .convolution(
          Convolution(outputChannels: 16, kernel: Extent(3, 3), weight: "\(name).weight")),
        inputs: [input])
    }
    let one = Constant("one", shape: Shape(dimensions))
    let middle: [NodeDeclaration] =
      isSlope
      ? [.init(name: "m", op: .parametricRelu(slope: one), inputs: ["a"])]
      : [
        .init(name: "k", op: .constant(one), inputs: []),
        .init(name: "m", op: .arithmetic(.multiply), inputs: ["a", "k"]),
      ]
    let graph = try Graph(
      input: Shape(channels: 2, height: 8, width: 8),
      declarations: [conv("a", "input")] + middle + [conv("b", "m")] + [
        .init(name: "pool", op: .globalAveragePool, inputs: ["b"]),
        .init(name: "flat", op: .flatten, inputs: ["pool"]),
        .init(
          name: "fc", op: .linear(Linear(outputFeatures: 5, weight: "fc.weight")), inputs: ["flat"]),
      ])
    var generator = SmallNetwork.Generator(state: 8)
    let model = try SmallNetwork.trained(graph, using: &generator)
    let space = PruningSpace(graph, library: try channelLibrary())
    var strategy = Strategy(denseFor: space)
    for unit in space.units.indices { strategy.choices[unit] = space.units[unit].menu[1] }
    let pruned = try space.apply(strategy, to: model)
    #expect(pruned.model.graph.macs < graph.macs && pruned.cost.macs == pruned.model.graph.macs)
    #expect(pruned.model.parameters["one"] == model.parameters["one"])
  }

  /// Gates that stand behind channels which go move up, although each of them stays.
  @Test func aSliceWithoutChannelsFollowsItsSource() throws {
    func conv(_ name: String, _ input: String, _ filters: Int) -> NodeDeclaration {
      NodeDeclaration(
        name: name,
        op: .convolution(
          Convolution(outputChannels: filters, kernel: .one, weight: "\(name).weight")),
        inputs: [input])
    }
    func part(_ name: String, _ start: Int, _ count: Int) -> NodeDeclaration {
      NodeDeclaration(
        name: name, op: .slice(Slice(starts: [start, 0, 0], counts: [count, 4, 4])), inputs: ["a"])
    }
    let graph = try Graph(
      input: Shape(channels: 2, height: 4, width: 4),
      declarations: [
        conv("a", "input", 17), part("query", 0, 8), part("context", 8, 8), part("gate", 16, 1),
        .init(name: "gated", op: .arithmetic(.multiply), inputs: ["context", "gate"]),
        .init(name: "product", op: .arithmetic(.multiply), inputs: ["query", "gated"]),
        conv("b", "product", 3),
      ])
    var generator = SmallNetwork.Generator(state: 8)
    let model = try SmallNetwork.trained(graph, using: &generator)
    let space = PruningSpace(graph, library: try channelLibrary())
    for choice in 1..<(try #require(space.units.first)).menu.count {
      var strategy = Strategy(denseFor: space)
      strategy.choices[0] = space.units[0].menu[choice]
      let pruned = try space.apply(strategy, to: model)
      let image = (0..<32).map { _ in Double.random(in: -1...1, using: &generator) }
      let expected = ReferenceNetwork(model.silenced(as: pruned)).output(for: image)
      let seen = ReferenceNetwork(pruned.model).output(for: image)
      #expect(zip(expected, seen).allSatisfy { abs($0 - $1) <= 1e-9 })
    }
  }

  @Test func everyNetworkHasSomethingToRemove() throws {
    let kinds = try (0..<300).map { seed in
      PruningSpace(try RandomNetwork.model(seed: seed).graph, library: try channelLibrary())
        .units.map(\.kind)
    }
    #expect(kinds.count { $0.contains(.channels) } > 250)
    #expect(kinds.count { $0.contains(.heads) } > 100)
    #expect(kinds.count { $0.contains(.neurons) } > 200)
  }
}
