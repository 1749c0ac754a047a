import ModelGraph
import TestSupport
import Testing

/// What must hold for any network.
@Suite struct RandomGraphTests {
  @Test(arguments: UInt64(0)..<200) func declarationOrderDoesNotMatter(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let graph = try randomGraph(using: &generator)
    #expect(try Graph(input: graph.inputShape, declarations: graph.declarations) == graph)

    let shuffled = try Graph(
      input: graph.inputShape, declarations: graph.declarations.shuffled(using: &generator))
    #expect(shuffled.macs == graph.macs)
    #expect(shuffled.parameterCount == graph.parameterCount)
    for (index, node) in shuffled.nodes.enumerated() {
      #expect(node.inputs.allSatisfy { $0 < index && shuffled.consumers[$0].contains(index) })
      let original = try #require(graph.index(of: node.name))
      #expect(graph.nodes[original].shape == node.shape)
    }
  }

  @Test(arguments: UInt64(0)..<200) func everyChannelHasItsPlace(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let graph = try randomGraph(using: &generator)
    let all = ChannelGroups(graph)
    for (number, group) in all.groups.enumerated() {
      #expect(group.parts.flatMap(\.self).sorted() == Array(0..<group.channels))
      #expect(!group.producers.isEmpty && Set(group.producers).isSubset(of: group.members))
      for node in group.producers {
        let map = try #require(all.maps[node])
        #expect(map.channels.count == graph.nodes[node].shape.dimensions[map.axis])
        #expect(map.channels.contains { $0?.group == number })
      }
    }
    let firsts = all.groups.compactMap(\.producers.first)
    #expect(firsts == firsts.sorted())
    #expect(all.maps[0] == nil && all.maps[graph.output] == nil)
  }

  /// A network of random operators, its loose ends brought together in five logits.
  private func randomGraph(using generator: inout SplitMix) throws -> Graph {
    var net = NetworkBuilder()
    let input = Shape(
      channels: .random(in: 1...4, using: &generator),
      height: .random(in: 1...9, using: &generator), width: .random(in: 1...9, using: &generator))
    var shapes = ["input": input]
    var names = ["input"]
    var unread: Set<String> = ["input"]
    for _ in 0..<Int.random(in: 1...25, using: &generator) {
      // Recent nodes are likelier, so that networks grow deep.
      let source = names.suffix(6).randomElement(using: &generator) ?? "input"
      let shape = shapes[source] ?? input
      var inputs = [source]
      let name: String
      switch Int.random(in: 0..<8, using: &generator) {
      case 0, 1:
        name = net.conv(
          source, .random(in: 1...8, using: &generator),
          kernel: Bool.random(using: &generator) ? 1 : 3,
          stride: .random(in: 1...2, using: &generator))
      case 2:
        let groups =
          (1...shape.channels).filter { shape.channels.isMultiple(of: $0) }
          .randomElement(using: &generator) ?? 1
        name = net.conv(
          source, groups * .random(in: 1...2, using: &generator), groups: groups)
      case 3: name = net.conv(source, shape.channels, groups: shape.channels)
      case 4: name = net.norm(source)
      case 5: name = net.add(.relu, source)
      case 6:
        let window = Pooling(kernel: .one, strides: Extent(2, 1))
        name = net.add(.maxPool(window), source)
      default:
        let other = names.filter { shapes[$0] == shape }.randomElement(using: &generator) ?? source
        inputs.append(other)
        name = net.add(.add, source, other)
      }
      for input in inputs { unread.remove(input) }
      unread.insert(name)
      names.append(name)
      shapes[name] = try lastShape(net, name, input)
    }
    var logits: String?
    for end in names where unread.contains(end) {
      var x = end
      if Bool.random(using: &generator) { x = net.add(.globalAveragePool, x) }
      x = net.linear(net.add(.flatten, x), 5)
      logits = logits.map { net.add(.add, $0, x) } ?? x
    }
    return try net.graph(input)
  }

  /// The shape of the node declared last, from the part of the network that it reads.
  private func lastShape(
    _ net: NetworkBuilder, _ name: String, _ input: Shape
  ) throws -> Shape {
    let byName = Dictionary(uniqueKeysWithValues: net.declarations.map { ($0.name, $0) })
    var needed: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      guard let node = byName[next], needed.insert(next).inserted else { continue }
      open += node.inputs
    }
    let graph = try Graph(
      input: input, declarations: net.declarations.filter { needed.contains($0.name) })
    return graph.nodes[graph.output].shape
  }
}
