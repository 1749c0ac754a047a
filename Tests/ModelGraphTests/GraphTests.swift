import ModelGraph
import Testing

@Suite struct GraphTests {
  private let image = Shape(channels: 2, height: 6, width: 6)

  @Test func keepsATopologicalDeclarationOrder() throws {
    let graph = try NetworkBuilder.resNet20()
    let names = graph.nodes.dropFirst().map(\.name)
    #expect(names.prefix(3) == ["conv1", "bn1", "relu"])
    #expect(try Graph(input: graph.inputShape, declarations: graph.declarations) == graph)
  }

  @Test func ordersNodesDeclaredBackwards() throws {
    let graph = try NetworkBuilder.resNet20()
    let backwards = try Graph(
      input: graph.inputShape, declarations: graph.declarations.reversed())
    for (index, node) in backwards.nodes.enumerated() {
      #expect(node.inputs.allSatisfy { $0 < index })
    }
    #expect(backwards.macs == graph.macs)
    #expect(backwards.nodes[backwards.output].name == "fc")
    #expect(backwards.nodes[0].name == "input")
  }

  @Test func knowsWhoReadsWhom() throws {
    var net = NetworkBuilder()
    let a = net.add(.relu, "input", name: "a")
    let b = net.add(.relu, a, name: "b")
    _ = net.add(.add, a, b, name: "sum")
    let graph = try net.graph(image)
    #expect(graph.consumers == [[1], [2, 3], [3], []])
    #expect(graph.output == 3)
    #expect(graph.index(of: "b") == 2)
    #expect(graph.index(of: "c") == nil)
  }

  @Test func anAddMayReadOneNodeTwice() throws {
    var net = NetworkBuilder()
    _ = net.add(.add, "input", "input", name: "double")
    let graph = try net.graph(image)
    #expect(graph.nodes[1].inputs == [0, 0])
    #expect(graph.consumers == [[1], []])
  }

  /// Wide and deep graphs take time in proportion to their size, or this test would not end soon.
  @Test(arguments: [true, false]) func manyNodes(isWide: Bool) throws {
    var net = NetworkBuilder()
    let leaves = 60_000
    var sum = "input"
    let wide = isWide ? (0..<leaves).map { _ in net.add(.relu, "input") } : []
    for index in 0..<leaves { sum = net.add(.add, sum, isWide ? wide[index] : "input") }
    let graph = try net.graph(Shape([1]))
    #expect(graph.nodes.count == (isWide ? 2 : 1) * leaves + 1)
    #expect(ChannelGroups(graph).groups.isEmpty)
  }

  @Test func parametersInCommonCountOnce() throws {
    let linear = Linear(outputFeatures: 4, weight: "w", bias: "b")
    var net = NetworkBuilder()
    let first = net.add(.linear(linear), "input")
    _ = net.add(.linear(linear), first)
    let graph = try net.graph(Shape([4]))
    #expect(graph.parameterCount == 20)
    #expect(graph.macs == 32)
  }

  @Test(arguments: faults) func errorsNameTheNode(_ fault: Fault) {
    #expect {
      try Graph(input: fault.input, declarations: fault.declarations)
    } throws: { error in
      guard let error = error as? GraphError else { return false }
      #expect(error.node == fault.node)
      #expect(error.description.contains(fault.hint))
      #expect(!error.description.contains("\n"))
      return true
    }
  }
}

/// A graph that must be refused: which node the error names and a word of what it says.
struct Fault: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let node: String
  let hint: String
  var input = Shape(channels: 2, height: 6, width: 6)
  let declarations: [NodeDeclaration]
}

private func node(_ name: String, _ op: Operator, _ inputs: String...) -> NodeDeclaration {
  NodeDeclaration(name: name, op: op, inputs: inputs)
}

private func conv(
  _ filters: Int, kernel: Extent = .one, strides: Extent = .one, pads: Pads = .none,
  dilations: Extent = .one, groups: Int = 1
) -> Operator {
  .convolution(
    Convolution(
      outputChannels: filters, kernel: kernel, strides: strides, pads: pads,
      dilations: dilations, groups: groups, weight: "w"))
}

private func pool(
  _ kernel: Extent, strides: Extent = .one, pads: Pads = .none
) -> Operator {
  .maxPool(Pooling(kernel: kernel, strides: strides, pads: pads))
}

private func linear(_ features: Int) -> Operator {
  .linear(Linear(outputFeatures: features, weight: "w"))
}

private let structuralFaults: [Fault] = [
  Fault(
    testDescription: "cycle", node: "a", hint: "cycle",
    declarations: [node("a", .add, "input", "b"), node("b", .relu, "a")]),
  Fault(
    testDescription: "reads itself", node: "a", hint: "cycle",
    declarations: [node("a", .relu, "a")]),
  Fault(
    testDescription: "missing input", node: "b", hint: "'x'",
    declarations: [node("a", .relu, "input"), node("b", .relu, "x")]),
  Fault(
    testDescription: "duplicate", node: "a", hint: "twice",
    declarations: [node("a", .relu, "input"), node("a", .relu, "input")]),
  Fault(
    testDescription: "called input", node: "input", hint: "twice",
    declarations: [node("input", .relu, "input")]),
  Fault(
    testDescription: "second input", node: "a", hint: "input",
    declarations: [node("a", .input)]),
  Fault(
    testDescription: "too few inputs", node: "a", hint: "2 inputs, 1 given",
    declarations: [node("a", .add, "input")]),
  Fault(
    testDescription: "too many inputs", node: "a", hint: "1 inputs, 2 given",
    declarations: [node("a", .relu, "input", "input")]),
  Fault(
    testDescription: "two outputs", node: "a", hint: "'b'",
    declarations: [node("a", .relu, "input"), node("b", .relu, "input")]),
]

private let shapeFaults: [Fault] = [
  Fault(
    testDescription: "unequal add", node: "sum", hint: "4x6x6",
    declarations: [node("c", conv(4), "input"), node("sum", .add, "c", "input")]),
  Fault(
    testDescription: "window too large", node: "c", hint: "7x7",
    declarations: [node("c", conv(4, kernel: Extent(7, 7)), "input")]),
  Fault(
    testDescription: "dilated window too large", node: "c", hint: "7x1",
    declarations: [node("c", conv(4, kernel: Extent(3, 1), dilations: Extent(3, 1)), "input")]),
  Fault(
    testDescription: "groups do not divide", node: "c", hint: "3 groups",
    declarations: [node("c", conv(3, groups: 3), "input")]),
  Fault(
    testDescription: "no groups", node: "c", hint: "groups",
    declarations: [node("c", conv(4, groups: 0), "input")]),
  Fault(
    testDescription: "no filters", node: "c", hint: "output channels",
    declarations: [node("c", conv(0), "input")]),
  Fault(
    testDescription: "no stride", node: "c", hint: "strides",
    declarations: [node("c", conv(4, strides: Extent(0, 1)), "input")]),
  Fault(
    testDescription: "negative pad", node: "c", hint: "pads",
    declarations: [
      node("c", conv(4, pads: Pads(top: 0, left: -1, bottom: 0, right: 0)), "input")
    ]),
  Fault(
    testDescription: "pool of its pads alone", node: "p", hint: "pads",
    declarations: [
      node("p", pool(.one, pads: Pads(top: 1, left: 0, bottom: 0, right: 0)), "input")
    ]),
  Fault(
    testDescription: "no features", node: "fc", hint: "features",
    declarations: [node("f", .flatten, "input"), node("fc", linear(0), "f")]),
  Fault(
    testDescription: "convolution of a vector", node: "c", hint: "feature map",
    declarations: [node("f", .flatten, "input"), node("c", conv(3), "f")]),
  Fault(
    testDescription: "scales of other sizes", node: "r", hint: "scale",
    declarations: [
      node(
        "r",
        .resize(
          Resize(mode: .linear, size: Extent(12, 3), scales: .init(height: 2, width: 1e-30))),
        "input")
    ]),
  Fault(
    testDescription: "input without axes", node: "input", hint: "no axes",
    input: Shape([]), declarations: []),
  Fault(
    testDescription: "empty input", node: "input", hint: "0x6x6",
    input: Shape([0, 6, 6]), declarations: []),
  Fault(
    testDescription: "huge input", node: "input", hint: "elements",
    input: Shape([1 << 20, 1 << 20, 1 << 20]), declarations: []),
]

/// Numbers from a hostile file must not overflow.
private let overflows: [Fault] =
  [Int.max, Int.min, 0, -1].flatMap { extreme in
    [
      Fault(
        testDescription: "kernel \(extreme)", node: "c", hint: "kernel",
        declarations: [
          node("c", conv(4, kernel: Extent(extreme, 3), dilations: Extent(2, 1)), "input")
        ]),
      Fault(
        testDescription: "dilation \(extreme)", node: "c", hint: "dilations",
        declarations: [
          node("c", conv(4, kernel: Extent(3, 3), dilations: Extent(1, extreme)), "input")
        ]),
      Fault(
        testDescription: "filters \(extreme)", node: "c", hint: "output channels",
        declarations: [node("c", conv(extreme), "input")]),
      Fault(
        testDescription: "pooling kernel \(extreme)", node: "p",
        hint: "kernel",
        declarations: [node("p", pool(Extent(extreme, 1)), "input")]),
      Fault(
        testDescription: "features \(extreme)", node: "fc", hint: "features",
        declarations: [node("f", .flatten, "input"), node("fc", linear(extreme), "f")]),
    ]
  }
  + [Int.max, Int.min].flatMap { extreme in
    [
      Fault(
        testDescription: "groups \(extreme)", node: "c", hint: "groups",
        declarations: [node("c", conv(4, groups: extreme), "input")]),
      Fault(
        testDescription: "stride \(extreme)", node: "c", hint: "strides",
        declarations: [node("c", conv(4, strides: Extent(extreme, 1)), "input")]),
      Fault(
        testDescription: "pad \(extreme)", node: "c", hint: "pads",
        declarations: [
          node("c", conv(4, pads: Pads(top: extreme, left: 0, bottom: 0, right: 0)), "input")
        ]),
    ]
  } + [
    Fault(
      testDescription: "weight of 2^80 elements", node: "c", hint: "weight",
      input: Shape(channels: 1 << 20, height: 1, width: 1),
      declarations: [
        node(
          "c",
          conv(
            1 << 20, kernel: Extent(1 << 20, 1 << 20),
            pads: Pads(top: 1 << 20, left: 1 << 20, bottom: 0, right: 0),
          ), "input")
      ]),
    Fault(
      testDescription: "linear weight of 2^40 elements", node: "fc", hint: "weight",
      input: Shape([1 << 20]), declarations: [node("fc", linear(1 << 20), "input")]),
    Fault(
      testDescription: "2^57 MACs a node", node: "c2", hint: "multiply",
      input: Shape(channels: 1, height: 1 << 15, width: 1 << 15),
      declarations: (0..<4).map { index in
        node(
          "c\(index)",
          conv(
            1, kernel: Extent(1 << 14, 1 << 13),
            pads: Pads(top: 1 << 13, left: 1 << 12, bottom: (1 << 13) - 1, right: (1 << 12) - 1)),
          index == 0 ? "input" : "c\(index - 1)")
      }),
  ]

private let faults = structuralFaults + shapeFaults + overflows
