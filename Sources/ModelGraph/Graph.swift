/// One operator of a graph, with the activation it yields.
public struct Node: Hashable, Sendable {
  /// Unique within the graph.
  public let name: String
  /// Its operator.
  public let op: Operator
  /// Indices of the nodes it reads, each smaller than its own.
  public let inputs: [Int]
  /// The shape of its output.
  public let shape: Shape
}

/// A network as a value: its nodes in topological order, shapes inferred.
///
/// Node 0 is the input. The output is the one node that no other reads.
///
///     let graph = try Graph(
///       input: Shape(channels: 1, height: 28, width: 28),
///       declarations: [
///         NodeDeclaration(name: "flat", op: .flatten, inputs: ["input"]),
///         NodeDeclaration(
///           name: "fc", op: .linear(Linear(outputFeatures: 10, weight: "fc.weight")),
///           inputs: ["flat"]),
///       ])
///     let macs = graph.macs  // 784 * 10
public struct Graph: Hashable, Sendable {
  /// In topological order.
  public let nodes: [Node]
  /// For each node, the nodes that read it, ascending.
  public let consumers: [[Int]]
  /// The node that no other reads.
  public let output: Int

  /// The shape of the input.
  public var inputShape: Shape { nodes[0].shape }

  /// The index of the node of that name.
  public func index(of name: String) -> Int? {
    nodes.firstIndex { $0.name == name }
  }

  /// Orders the declared nodes, infers their shapes and checks them.
  ///
  /// The order of declaration is kept where it is already topological.
  /// - Throws: `GraphError`, which names the node at fault.
  public init(input: Shape, declarations: [NodeDeclaration]) throws(GraphError) {
    let inputNode = NodeDeclaration(name: "input", op: .input, inputs: [])
    let all = [inputNode] + declarations
    var indexByName: [String: Int] = [:]
    for (index, node) in all.enumerated() {
      if indexByName.updateValue(index, forKey: node.name) != nil {
        throw GraphError(node: node.name, "is declared twice; node names must be unique")
      }
    }
    var sources: [[Int]] = []
    for node in all {
      let counts = node.op.inputCounts
      guard counts.contains(node.inputs.count) else {
        throw GraphError(
          node: node.name,
          "\(node.op.name) reads \(counts.lowerBound)\(counts.count == 1 ? "" : " or more") inputs, "
            + "\(node.inputs.count) given")
      }
      var indices: [Int] = []
      for name in node.inputs {
        guard let index = indexByName[name] else {
          throw GraphError(node: node.name, "reads '\(name)', which no node is called")
        }
        indices.append(index)
      }
      sources.append(indices)
    }

    let order = try Self.topologicalOrder(names: all.map(\.name), sources: sources)
    var position = [Int](repeating: 0, count: all.count)
    for (place, index) in order.enumerated() { position[index] = place }

    var nodes: [Node] = []
    var consumers = [[Int]](repeating: [], count: all.count)
    for index in order {
      let inputs = sources[index].map { position[$0] }
      let shape =
        index == 0
        ? try checkedInput(input)
        : try inferShape(of: all[index], from: inputs.map { nodes[$0].shape })
      for source in Set(inputs) { consumers[source].append(nodes.count) }
      nodes.append(Node(name: all[index].name, op: all[index].op, inputs: inputs, shape: shape))
    }

    let ends = consumers.indices.filter { consumers[$0].isEmpty }
    guard let output = ends.first, ends.count == 1 else {
      let names = ends.map { "'\(nodes[$0].name)'" }.joined(separator: ", ")
      throw GraphError(
        node: nodes[ends[0]].name, "a model has one output, but nothing reads \(names)")
    }
    self.nodes = nodes
    self.consumers = consumers
    self.output = output
    try checkCosts(of: self)
  }

  /// Depth first in the order of declaration, each node after its inputs; in linear time, as files
  /// decide how many nodes there are, and with a stack of its own, as they decide how deep.
  private static func topologicalOrder(
    names: [String], sources: [[Int]]
  ) throws(GraphError) -> [Int] {
    enum State { case new, open, done }
    var states = [State](repeating: .new, count: sources.count)
    var order: [Int] = []
    var path: [(node: Int, nextInput: Int)] = []
    for start in sources.indices where states[start] == .new {
      states[start] = .open
      path.append((start, 0))
      while let (node, next) = path.last {
        guard next < sources[node].count else {
          states[node] = .done
          order.append(node)
          path.removeLast()
          continue
        }
        path[path.count - 1].nextInput += 1
        let input = sources[node][next]
        switch states[input] {
        case .done: break
        case .open: throw GraphError(node: names[input], "is part of a cycle")
        case .new:
          states[input] = .open
          path.append((input, 0))
        }
      }
    }
    return order
  }
}

/// A node as a file declares it: inputs by name, no shape yet. The graph's input is called `input`.
public struct NodeDeclaration: Hashable, Sendable {
  /// Unique within the graph.
  public var name: String
  /// Its operator.
  public var op: Operator
  /// Names of the nodes it reads.
  public var inputs: [String]

  /// A declared node.
  public init(name: String, op: Operator, inputs: [String]) {
    self.name = name
    self.op = op
    self.inputs = inputs
  }
}

extension Graph {
  /// The declarations that make this graph again.
  public var declarations: [NodeDeclaration] {
    nodes.dropFirst().map { node in
      NodeDeclaration(name: node.name, op: node.op, inputs: node.inputs.map { nodes[$0].name })
    }
  }
}

/// A graph that cannot be: which node, and why.
public struct GraphError: Error, Hashable, CustomStringConvertible {
  /// The node at fault.
  public let node: String
  /// The operator's name, where it matters.
  public let op: String?
  /// The fault.
  public let reason: String

  init(node: String, op: String? = nil, _ reason: String) {
    self.node = node
    self.op = op
    self.reason = reason
  }

  /// One line for the user.
  public var description: String {
    "node '\(node)'\(op.map { " (\($0))" } ?? ""): \(reason)"
  }
}
