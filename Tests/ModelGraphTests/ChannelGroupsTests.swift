import ModelGraph
import Testing

@Suite struct ChannelGroupsTests {
  private func groups(_ net: NetworkBuilder, _ input: Shape) throws -> (Graph, ChannelGroups) {
    let graph = try net.graph(input)
    return (graph, ChannelGroups(graph))
  }

  /// The group of a node's output channels.
  private func group(_ name: String, _ graph: Graph, _ all: ChannelGroups) throws -> ChannelGroup {
    all.groups[all.groupOfNode[try #require(graph.index(of: name))]]
  }

  private func names(_ indices: [Int], _ graph: Graph) -> [String] {
    indices.map { graph.nodes[$0].name }
  }

  @Test func resNet20HasTwelve() throws {
    let graph = try NetworkBuilder.resNet20()
    let all = ChannelGroups(graph)
    #expect(all.groups.count == 14)
    #expect(all.groups.filter(\.isPrunable).count == 12)

    let stem = try group("conv1", graph, all)
    #expect(stem.isPrunable)
    #expect(stem.channels == 16)
    #expect(
      names(stem.producers, graph)
        == ["conv1", "layer1.0.conv2", "layer1.1.conv2", "layer1.2.conv2"])
    #expect(
      names(stem.consumers.map(\.node), graph)
        == [
          "layer1.0.conv1", "layer1.1.conv1", "layer1.2.conv1", "layer2.0.conv1",
          "layer2.0.shortcut.0",
        ])
    #expect(
      names(stem.followers, graph) == ["bn1", "layer1.0.bn2", "layer1.1.bn2", "layer1.2.bn2"])

    let last = try group("layer3.0.shortcut.0", graph, all)
    #expect(last.channels == 64)
    #expect(
      names(last.producers, graph).sorted()
        == ["layer3.0.conv2", "layer3.0.shortcut.0", "layer3.1.conv2", "layer3.2.conv2"])
    #expect(last.consumers.map(\.span) == [1, 1, 1])
    #expect(names(last.consumers.map(\.node), graph).last == "fc")

    for stage in 1...3 {
      for block in 0..<3 {
        let prefix = "layer\(stage).\(block)."
        let inner = try group(prefix + "conv1", graph, all)
        #expect(inner.isPrunable)
        #expect(names(inner.producers, graph) == [prefix + "conv1"])
        #expect(names(inner.followers, graph) == [prefix + "bn1"])
        #expect(names(inner.consumers.map(\.node), graph) == [prefix + "conv2"])
      }
    }
    #expect(try !group("input", graph, all).isPrunable)
    #expect(try !group("fc", graph, all).isPrunable)
  }

  @Test func depthwiseFollowsItsInput() throws {
    var net = NetworkBuilder()
    var x = net.conv("input", 8, kernel: 1, name: "expand")
    x = net.conv(x, 8, groups: 8, name: "depthwise")
    x = net.norm(x, name: "norm")
    _ = net.conv(x, 4, kernel: 1, name: "project")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    let middle = try group("expand", graph, all)
    #expect(middle.isPrunable)
    #expect(names(middle.producers, graph) == ["expand"])
    #expect(names(middle.followers, graph) == ["depthwise", "norm"])
    #expect(names(middle.consumers.map(\.node), graph) == ["project"])
    #expect(try group("depthwise", graph, all) == middle)
  }

  @Test func residualSumJoinsBothOperands() throws {
    var net = NetworkBuilder()
    let x = net.conv("input", 8, name: "first")
    let y = net.conv(x, 8, name: "second")
    let sum = net.add(.add, x, y, name: "sum")
    _ = net.conv(sum, 4, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    let stream = try group("sum", graph, all)
    #expect(stream.isPrunable)
    #expect(names(stream.producers, graph) == ["first", "second"])
    #expect(names(stream.consumers.map(\.node), graph) == ["second", "last"])
  }

  @Test func sumWithTheInputIsFixed() throws {
    var net = NetworkBuilder()
    let y = net.conv("input", 3, name: "c")
    let sum = net.add(.add, "input", y)
    _ = net.conv(sum, 4, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    #expect(try !group("c", graph, all).isPrunable)
    #expect(all.groups.allSatisfy { !$0.isPrunable })
  }

  @Test func flattenSpansRowsAndColumns() throws {
    var net = NetworkBuilder()
    var x = net.conv("input", 8, stride: 2, name: "c")
    x = net.add(.flatten, x)
    x = net.linear(x, 6, name: "hidden")
    _ = net.linear(x, 2, name: "fc")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 9))
    let maps = try group("c", graph, all)
    #expect(maps.isPrunable)
    #expect(maps.channels == 8)
    #expect(maps.consumers.map(\.span) == [3 * 5])
    #expect(names(maps.consumers.map(\.node), graph) == ["hidden"])
    let hidden = try group("hidden", graph, all)
    #expect(hidden.isPrunable)
    #expect(hidden.consumers.map(\.span) == [1])
  }

  @Test func groupedConvolutionFixesBothSides() throws {
    var net = NetworkBuilder()
    var x = net.conv("input", 8, name: "before")
    x = net.conv(x, 8, groups: 2, name: "grouped")
    x = net.conv(x, 8, name: "after")
    _ = net.conv(x, 8, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 4, height: 5, width: 5))
    #expect(try !group("before", graph, all).isPrunable)
    #expect(try !group("grouped", graph, all).isPrunable)
    #expect(try group("after", graph, all).isPrunable)
  }

  /// Twice as many filters as channels: a filter's channel is fixed by its place.
  @Test func depthMultiplierIsFixed() throws {
    var net = NetworkBuilder()
    var x = net.conv("input", 4, name: "before")
    x = net.conv(x, 8, groups: 4, name: "multiplied")
    _ = net.conv(x, 2, name: "last")
    let (graph, all) = try groups(net, Shape(channels: 3, height: 5, width: 5))
    #expect(try !group("before", graph, all).isPrunable)
    #expect(try !group("multiplied", graph, all).isPrunable)
  }

  /// Equal lengths, but a channel is four features on one side and one on the other.
  @Test func sumOfUnequalSpansIsFixed() throws {
    var net = NetworkBuilder()
    let maps = net.conv("input", 4, stride: 2, name: "maps")
    let flat = net.add(.flatten, maps)
    let features = net.linear(flat, 16, name: "features")
    let sum = net.add(.add, flat, features)
    _ = net.linear(sum, 2)
    let (graph, all) = try groups(net, Shape(channels: 3, height: 4, width: 4))
    #expect(try !group("maps", graph, all).isPrunable)
    #expect(try !group("features", graph, all).isPrunable)
  }
}
