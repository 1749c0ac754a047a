import ModelGraph
import Testing

/// What must hold for any network.
@Suite struct RandomGraphTests {
  @Test(arguments: UInt64(0)..<200) func declarationOrderDoesNotMatter(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
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

  @Test(arguments: UInt64(0)..<200) func groupsPartitionTheNodes(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let graph = try randomGraph(using: &generator)
    let all = ChannelGroups(graph)
    #expect(all.groupOfNode.count == graph.nodes.count)
    #expect(Set(all.groupOfNode) == Set(all.groups.indices))
    let makers = graph.nodes.indices.filter { index in
      if case .linear = graph.nodes[index].op { return true }
      if case .convolution = graph.nodes[index].op { return true }
      return index == 0
    }
    let members = all.groups.flatMap { $0.producers + $0.followers }
    #expect(Set(members).count == members.count)
    #expect(Set(makers).isSubset(of: members))
    let firsts = all.groups.compactMap(\.producers.first)
    #expect(firsts == firsts.sorted())
  }

  /// Any channel of a prunable group can go: the rest still fits together and the model's output
  /// keeps its shape.
  @Test(arguments: UInt64(0)..<200) func prunableGroupsCanLoseAChannel(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let graph = try randomGraph(using: &generator)
    let all = ChannelGroups(graph)
    for group in all.groups where group.isPrunable && group.channels > 1 {
      let changed = Set(group.producers + group.followers)
      let declarations = graph.declarations.enumerated().map { offset, node in
        changed.contains(offset + 1) ? narrowed(node) : node
      }
      let pruned = try Graph(input: graph.inputShape, declarations: declarations)
      #expect(pruned.nodes.map(\.name) == graph.nodes.map(\.name))
      #expect(pruned.nodes[pruned.output].shape == graph.nodes[graph.output].shape)
      #expect(pruned.macs < graph.macs)
      let spans = Dictionary(uniqueKeysWithValues: group.consumers.map { ($0.node, $0.span) })
      for index in graph.nodes.indices {
        let before = graph.parameters(of: index).map(\.shape)
        let after = pruned.parameters(of: index).map(\.shape)
        if let span = spans[index] {
          #expect(before[0][1] - after[0][1] == span)
        } else if !changed.contains(index) {
          #expect(before == after)
        }
      }
    }
  }

  /// The same node with one channel less.
  private func narrowed(_ node: NodeDeclaration) -> NodeDeclaration {
    var node = node
    switch node.op {
    case .convolution(var conv):
      conv.outputChannels -= 1
      if conv.groups > 1 { conv.groups -= 1 }
      node.op = .convolution(conv)
    case .linear(var linear):
      linear.outputFeatures -= 1
      node.op = .linear(linear)
    default: break
    }
    return node
  }

  /// A network of random operators, its loose ends brought together in five logits.
  private func randomGraph(using generator: inout SeededGenerator) throws -> Graph {
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
