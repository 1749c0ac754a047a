internal import ModelGraph

/// A graph under construction: nodes by name, with their shapes, and the constants they need.
struct GraphDraft {
  struct Node {
    var op: Operator
    var inputs: [String]
    var shape: Shape
  }

  /// In an order in which each node follows its inputs, but for those that are inserted later.
  private(set) var order: [String] = []
  private(set) var nodes: [String: Node] = [:]
  /// The parameters that nodes name.
  private(set) var parameters: [String: ONNXConstant] = [:]
  private var nameOfParameter: [String: String] = [:]

  /// The graph's input.
  static let input = "input"

  init(input: Shape) {
    nodes[Self.input] = Node(op: .input, inputs: [], shape: input)
  }

  subscript(name: String) -> Node {
    guard let node = nodes[name] else { preconditionFailure("no node is called \(name)") }
    return node
  }

  // MARK: Building

  /// Adds a node called `name`, or the like if that is taken.
  /// - Throws: `ConstantFolding.Failure` if its inputs do not suit it.
  mutating func add(
    _ name: String, _ op: Operator, _ inputs: [String]
  ) throws -> String {
    let name = unused(name, nodes)
    let shape = try Self.shape(name, op, inputs.map { self[$0].shape })
    nodes[name] = Node(op: op, inputs: inputs, shape: shape)
    order.append(name)
    return name
  }

  /// Makes `name` compute its value in another way; the shape must stay.
  mutating func replace(_ name: String, by op: Operator, _ inputs: [String]) {
    guard let shape = try? Self.shape(name, op, inputs.map({ self[$0].shape })),
      shape == self[name].shape
    else { return }
    nodes[name] = Node(op: op, inputs: inputs, shape: shape)
  }

  private static func shape(_ name: String, _ op: Operator, _ inputs: [Shape]) throws -> Shape {
    do {
      return try NodeDeclaration(name: name, op: op, inputs: []).shape(from: inputs)
    } catch {
      throw ConstantFolding.Failure(reason: "does not suit its input: \(error.reason)")
    }
  }

  /// The name under which a constant is a parameter.
  ///
  /// - Parameters:
  ///   - identity: equal for uses of the same values.
  ///   - name: what it is called if that is free.
  mutating func parameter(
    _ constant: ONNXConstant, identity: String, name: String
  ) -> String {
    let key = "\(identity) \(constant.shape)"
    if let known = nameOfParameter[key] { return known }
    let name = unused(name, parameters)
    nameOfParameter[key] = name
    parameters[name] = constant
    return name
  }

  private func unused<Value>(_ name: String, _ taken: [String: Value]) -> String {
    guard taken[name] != nil || name == Self.input || name.isEmpty else { return name }
    var number = 2
    while taken["\(name)_\(number)"] != nil { number += 1 }
    return "\(name)_\(number)"
  }

  // MARK: Asking

  /// How many times nodes read `name`.
  func readerCounts() -> [String: Int] {
    var counts: [String: Int] = [:]
    for name in order { for input in self[name].inputs { counts[input, default: 0] += 1 } }
    return counts
  }

  /// The number that a constant node holds, if it is a single one.
  func scalar(_ name: String) -> Float? {
    guard case .constant(let constant) = self[name].op, constant.shape.count == 1,
      case .known(let tensor) = parameters[constant.parameter]
    else { return nil }
    return tensor.floats.first
  }

  // MARK: Finishing

  /// Lets everything that reads a key read its value.
  mutating func redirect(_ aliases: [String: String]) {
    func target(_ name: String) -> String {
      var name = name
      while let next = aliases[name] { name = next }
      return name
    }
    for (name, node) in nodes { nodes[name]?.inputs = node.inputs.map(target) }
  }

  /// The nodes that `output` depends on, itself included.
  func sources(of output: String) -> Set<String> {
    var needed: Set<String> = [output]
    var open = [output]
    while let name = open.popLast() {
      for input in self[name].inputs where needed.insert(input).inserted { open.append(input) }
    }
    return needed
  }

  /// The nodes that `output` depends on, declared.
  func declarations(output: String) -> [NodeDeclaration] {
    let needed = sources(of: output)
    let kept = order.filter { needed.contains($0) }
    let names = ONNXNames.modules(of: kept.map { ($0, self[$0].op) })
    return kept.map { name in
      NodeDeclaration(
        name: names[name] ?? name, op: self[name].op,
        inputs: self[name].inputs.map { names[$0] ?? $0 })
    }
  }
}
