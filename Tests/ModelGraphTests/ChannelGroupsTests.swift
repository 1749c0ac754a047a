import ModelGraph
import Testing

@Suite struct ChannelGroupsTests {
  private func groups(_ net: NetworkBuilder, _ input: Shape) throws -> (Graph, ChannelGroups) {
    let graph = try net.graph(input)
    return (graph, ChannelGroups(graph))
  }

  /// The group of a node's output channels; nil if none of them can go.
  private func group(_ name: String, _ graph: Graph, _ all: ChannelGroups) throws -> ChannelGroup? {
    let node = try #require(graph.index(of: name))
    let groups = all.groups(inNode: node)
    #expect(groups.count < 2)
    return groups.first.map { all.groups[$0] }
  }

  private func map(_ name: String, _ graph: Graph, _ all: ChannelGroups) throws -> ChannelMap {
    let node = try #require(graph.index(of: name))
    return try #require(all.maps[node])
  }

  private func names(_ indices: [Int], _ graph: Graph) -> [String] {
    indices.map { graph.nodes[$0].name }
  }

  @Test func resNet20HasTwelve() throws {
    let graph = try NetworkBuilder.resNet20()
    let all = ChannelGroups(graph)
    #expect(all.groups.count == 12)

    let stemGroup = try group("conv1", graph, all)
    let stem = try #require(stemGroup)
    #expect(stem.kind == .filters)
    #expect(stem.channels == 16)
    #expect(
      names(stem.producers, graph)
        == ["conv1", "layer1.0.conv2", "layer1.1.conv2", "layer1.2.conv2"])
    #expect(
      names(stem.consumers, graph)
        == [
          "layer1.0.conv1", "layer1.1.conv1", "layer1.2.conv1", "layer2.0.conv1",
          "layer2.0.shortcut.0",
        ])
    #expect(
      names(stem.followers, graph) == ["bn1", "layer1.0.bn2", "layer1.1.bn2", "layer1.2.bn2"])

    let lastGroup = try group("layer3.0.shortcut.0", graph, all)
    let last = try #require(lastGroup)
    #expect(last.channels == 64)
    #expect(
      names(last.producers, graph).sorted()
        == ["layer3.0.conv2", "layer3.0.shortcut.0", "layer3.1.conv2", "layer3.2.conv2"])
    #expect(names(last.consumers, graph).last == "fc")

    for stage in 1...3 {
      for block in 0..<3 {
        let prefix = "layer\(stage).\(block)."
        let innerGroup = try group(prefix + "conv1", graph, all)
        let inner = try #require(innerGroup)
        #expect(names(inner.producers, graph) == [prefix + "conv1"])
        #expect(names(inner.followers, graph) == [prefix + "bn1"])
        #expect(names(inner.consumers, graph) == [prefix + "conv2"])
      }
    }
    #expect(try group("input", graph, all) == nil)
    #expect(try group("fc", graph, all) == nil)
  }

  @Test func depthwiseFollowsItsInput() throws {
    var net = NetworkBuilder()
    var x = net.conv("input", 8, kernel: 1, name: "expand")
    x = net.conv(x, 8, groups: 8, name: "depthwise")
    x = net.norm(x, name: "norm")
    _ = net.conv(x, 4, kernel: 1, name: "project")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    let middleGroup = try group("expand", graph, all)
    let middle = try #require(middleGroup)
    #expect(names(middle.producers, graph) == ["expand"])
    #expect(names(middle.followers, graph) == ["depthwise", "norm"])
    #expect(names(middle.consumers, graph) == ["project"])
    #expect(try group("depthwise", graph, all) == middle)
  }

  @Test func residualSumJoinsBothOperands() throws {
    var net = NetworkBuilder()
    let x = net.conv("input", 8, name: "first")
    let y = net.conv(x, 8, name: "second")
    let sum = net.add(.add, x, y, name: "sum")
    _ = net.conv(sum, 4, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    let streamGroup = try group("sum", graph, all)
    let stream = try #require(streamGroup)
    #expect(names(stream.producers, graph) == ["first", "second"])
    #expect(names(stream.consumers, graph) == ["second", "last"])
  }

  @Test func sumWithTheInputIsFixed() throws {
    var net = NetworkBuilder()
    let y = net.conv("input", 3, name: "c")
    let sum = net.add(.add, "input", y)
    _ = net.conv(sum, 4, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    #expect(try group("c", graph, all) == nil)
    #expect(all.groups.isEmpty)
  }

  @Test func flattenSpansRowsAndColumns() throws {
    var net = NetworkBuilder()
    var x = net.conv("input", 8, stride: 2, name: "c")
    x = net.add(.flatten, x, name: "flat")
    x = net.linear(x, 6, name: "hidden")
    _ = net.linear(x, 2, name: "fc")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 9))
    let mapsGroup = try group("c", graph, all)
    let maps = try #require(mapsGroup)
    #expect(maps.channels == 8)
    let flat = try map("flat", graph, all)
    #expect(flat.channels.map { $0?.index } == (0..<8 * 15).map { $0 / 15 })
    #expect(names(maps.consumers, graph) == ["hidden"])
    #expect(try group("hidden", graph, all)?.kind == .neurons)
  }

  /// A group of a grouped convolution goes with the channels that it reads.
  @Test func groupedConvolutionCouplesBothSides() throws {
    var net = NetworkBuilder()
    var x = net.conv("input", 8, name: "before")
    x = net.conv(x, 12, groups: 4, name: "grouped")
    _ = net.conv(x, 8, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 4, height: 5, width: 5))
    let middleGroup = try group("before", graph, all)
    let middle = try #require(middleGroup)
    #expect(middle.channels == 4 && middle.width == 2)
    #expect(names(middle.followers, graph) == ["grouped"])
    #expect(try group("grouped", graph, all) == middle)
    let map = try map("grouped", graph, all)
    #expect(map.channels.map { $0?.index } == (0..<12).map { $0 / 3 })
  }

  /// A channel is four features on one side: they go together with four on the other.
  @Test func sumOfUnequalSpansJoinsThem() throws {
    var net = NetworkBuilder()
    let maps = net.conv("input", 4, stride: 2, name: "maps")
    let flat = net.add(.flatten, maps)
    let features = net.linear(flat, 16, name: "features")
    let sum = net.add(.add, flat, features)
    _ = net.linear(sum, 2)
    let (graph, all) = try groups(net, Shape(channels: 3, height: 4, width: 4))
    #expect(all.groups.map(\.channels) == [4])
    let map = try map("features", graph, all)
    #expect(map.channels.map { $0?.index } == (0..<16).map { $0 / 4 })
  }

  @Test func concatenationKeepsItsPartsApart() throws {
    var net = NetworkBuilder()
    let a = net.conv("input", 4, name: "a")
    let b = net.conv("input", 6, name: "b")
    let both = net.add(.concat(axis: 0), "input", a, b, name: "both")
    _ = net.conv(both, 2, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    #expect(all.groups.map(\.channels) == [4, 6])
    let map = try map("both", graph, all)
    #expect(map.channels.map { $0?.group } == [nil, nil, nil, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    #expect(all.groups.allSatisfy { names($0.consumers, graph) == ["last"] })
  }

  /// Half of the sum's channels are also the first convolution's: two parts of one group.
  @Test func sumOfAConcatenationHasParts() throws {
    var net = NetworkBuilder()
    let a = net.conv("input", 4, name: "a")
    let b = net.conv(a, 4, name: "b")
    let both = net.add(.concat(axis: 0), a, b)
    let c = net.conv(both, 8, name: "c")
    let sum = net.add(.add, both, c)
    _ = net.conv(sum, 2, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    let groupGroup = try group("c", graph, all)
    let group = try #require(groupGroup)
    #expect(all.groups.count == 1 && group.parts == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(names(group.producers, graph) == ["a", "b", "c"])
  }

  @Test func headsAreOneChannelEach() throws {
    var net = NetworkBuilder()
    let tokens = net.linear("input", 12, name: "tokens")
    let norm = net.add(
      .layerNormalization(LayerNormalization(axis: 1, scale: "norm.weight", bias: "norm.bias")),
      tokens, name: "norm")
    let q = net.linear(norm, 12, name: "q")
    let k = net.linear(norm, 12, name: "k")
    let v = net.linear(norm, 6, name: "v")
    let attention = net.add(
      .attention(Attention(heads: 3, scale: 0.5)), q, k, v, name: "attention")
    let out = net.linear(attention, 12, name: "out")
    let sum = net.add(.add, out, tokens)
    let hidden = net.linear(sum, 20, name: "hidden")
    _ = net.linear(net.add(.activation(.gelu(isApproximate: false)), hidden), 5, name: "logits")
    let (graph, all) = try groups(net, Shape([7, 12]))
    let headsGroup = try group("attention", graph, all)
    let heads = try #require(headsGroup)
    #expect(heads.kind == .heads && heads.channels == 3 && heads.width == 4)
    #expect(names(heads.producers, graph) == ["q", "k", "v"])
    #expect(names(heads.consumers, graph) == ["out"])
    // The stream is normalised as a whole, so none of it can go.
    #expect(try group("tokens", graph, all) == nil)
    #expect(try group("out", graph, all) == nil)
    let neuronsGroup = try group("hidden", graph, all)
    let neurons = try #require(neuronsGroup)
    #expect(neurons.kind == .neurons && neurons.channels == 20)
    #expect(all.groups.count == 2)
  }

  /// What a shuffle brings together goes together.
  @Test(arguments: [false, true]) func shuffleOfTwoBranches(isSpelledOut: Bool) throws {
    var net = NetworkBuilder()
    let a = net.conv("input", 4, name: "a")
    let b = net.conv("input", 4, name: "b")
    var x = net.add(.concat(axis: 0), a, b)
    if isSpelledOut {
      x = net.add(.reshape(Shape([2, 4, 5, 5])), x)
      x = net.add(.transpose(permutation: [1, 0, 2, 3]), x)
      x = net.add(.reshape(Shape([8, 5, 5])), x, name: "shuffled")
    } else {
      x = net.add(.channelShuffle(groups: 2), x, name: "shuffled")
    }
    _ = net.conv(x, 2, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    #expect(all.groups.map(\.channels) == [4])
    let map = try map("shuffled", graph, all)
    #expect(map.channels.map { $0?.index } == [0, 0, 1, 1, 2, 2, 3, 3])
  }

  @Test func gatesFollowWhatTheyScale() throws {
    var net = NetworkBuilder()
    let x = net.conv("input", 8, name: "x")
    let squeeze = net.conv(net.add(.globalAveragePool, x), 2, kernel: 1, name: "squeeze")
    let excite = net.conv(squeeze, 8, kernel: 1, name: "excite")
    let gate = net.add(.activation(.sigmoid), excite)
    let scaled = net.add(.arithmetic(.multiply), x, gate)
    _ = net.conv(scaled, 2, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    let streamGroup = try group("x", graph, all)
    let stream = try #require(streamGroup)
    #expect(names(stream.producers, graph) == ["x", "excite"])
    #expect(names(stream.consumers, graph) == ["squeeze", "last"])
    #expect(try group("squeeze", graph, all)?.channels == 2)
  }

  @Test func sharedWeightsStayWhole() throws {
    let conv = Convolution(
      outputChannels: 4, kernel: .one, weight: "shared")
    let graph = try Graph(
      input: Shape(channels: 4, height: 2, width: 2),
      declarations: [
        NodeDeclaration(name: "a", op: .convolution(conv), inputs: ["input"]),
        NodeDeclaration(name: "b", op: .convolution(conv), inputs: ["a"]),
        NodeDeclaration(
          name: "c",
          op: .convolution(
            Convolution(outputChannels: 2, kernel: .one, weight: "own")), inputs: ["b"]),
      ])
    #expect(ChannelGroups(graph).groups.isEmpty)
  }
}
