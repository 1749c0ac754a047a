extension ONNXNode {
  /// Operators on integers that stand for real values, which Microsoft's optimiser makes of one of those between
  /// `DequantizeLinear` and `QuantizeLinear`; all have one input.
  private static let unary: Set<String> = [
    "QLinearSigmoid", "QLinearLeakyRelu", "QLinearAveragePool", "QLinearGlobalAveragePool",
    "QLinearSoftmax", "QLinearReduceMean",
  ]

  /// An operator on integers said by those that dequantise what it reads, compute, and quantise the result again; nil if
  /// it is none.
  /// - Throws: `ConstantFolding.Failure` if it does what they cannot say.
  func spelledOut() throws -> [ONNXNode]? {
    switch (domain, kind) {
    case ("", "QLinearConv"):
      var parts = QuantizedParts(self)
      let x = parts.real(0, 1, 2)
      let weight = parts.real(3, 4, 5, axis: 0)
      let bias = input(8).map { parts.real(sum: $0, of: 1, 4) }
      return parts.computing("Conv", [x, weight] + (bias.map { [$0] } ?? []), 6, 7)
    case ("", "QLinearMatMul"):
      var parts = QuantizedParts(self)
      return parts.computing("MatMul", [parts.real(0, 1, 2), parts.real(3, 4, 5, axis: -1)], 6, 7)
    case ("", "MatMulInteger"):
      var parts = QuantizedParts(self)
      return parts.computing(
        "MatMul", [parts.integer(0, 2), parts.integer(1, 3, axis: -1)], nil, nil)
    case ("", "ConvInteger"):
      var parts = QuantizedParts(self)
      return parts.computing("Conv", [parts.integer(0, 2), parts.integer(1, 3, axis: 0)], nil, nil)
    case ("com.microsoft", "QLinearAdd"), ("com.microsoft", "QLinearMul"):
      var parts = QuantizedParts(self)
      return parts.computing(
        String(kind.dropFirst(7)), [parts.real(0, 1, 2), parts.real(3, 4, 5)], 6, 7)
    case ("com.microsoft", "QLinearConcat"):
      var parts = QuantizedParts(self)
      let read = stride(from: 2, to: inputs.count, by: 3).map { parts.real($0, $0 + 1, $0 + 2) }
      return parts.computing("Concat", read, 0, 1)
    case ("com.microsoft", "QGemm"):
      guard try float("alpha") ?? 1 == 1 else {
        throw ConstantFolding.Failure(reason: "has a factor")
      }
      var parts = QuantizedParts(self)
      let columns = try integer("transB") == 1 ? 0 : 1
      let bias = input(6).map { parts.real(sum: $0, of: 1, 4) }
      return parts.computing(
        "Gemm",
        [parts.real(0, 1, 2), parts.real(3, 4, 5, axis: columns)] + (bias.map { [$0] } ?? []),
        7, 8)
    case ("com.microsoft", let name) where Self.unary.contains(name):
      guard try integer("channels_last") ?? 0 == 0 else {
        throw ConstantFolding.Failure(reason: "has its channels last")
      }
      var parts = QuantizedParts(self)
      return parts.computing(String(name.dropFirst(7)), [parts.real(0, 1, 2)], 3, 4)
    default: return nil
    }
  }

  fileprivate init(
    _ kind: String, called name: String, _ inputs: [String], _ output: String,
    _ attributes: [String: Attribute] = [:], scopes: [String] = []
  ) {
    self.name = name
    self.kind = kind
    domain = ""
    self.inputs = inputs
    outputs = [output]
    self.attributes = attributes
    self.scopes = scopes
  }
}

/// The nodes that say what one on integers does.
private struct QuantizedParts {
  let whole: ONNXNode
  private var nodes: [ONNXNode] = []

  init(_ whole: ONNXNode) { self.whole = whole }

  private func input(_ place: Int) -> String { whole.input(place) ?? "" }

  /// Adds a node; returns the name of what it yields, which no file's value has.
  private mutating func add(
    _ kind: String, _ inputs: [String], _ attributes: [String: ONNXNode.Attribute] = [:]
  ) -> String {
    let role = "\(nodes.count)"
    let output = name(role)
    nodes.append(ONNXNode(kind, called: called(role), inputs, output, attributes))
    return output
  }

  /// The name of a value; not one that a person gave.
  private func name(_ role: String) -> String { "/\(whole.outputs.first ?? "")\u{0}\(role)" }

  private func called(_ role: String) -> String {
    whole.name.isEmpty ? "" : "\(whole.name).\(role)"
  }

  /// The real values of an input of the node, whose scale and zero point are others.
  mutating func real(_ place: Int, _ scale: Int, _ zero: Int, axis: Int? = nil) -> String {
    add(
      "DequantizeLinear", [input(place), input(scale), input(zero)],
      axis.map { ["axis": .integer($0)] } ?? [:])
  }

  /// The real values of sums of products, whose scale is the product of both scales.
  mutating func real(sum: String, of first: Int, _ second: Int) -> String {
    let scale = add("Mul", [input(first), input(second)])
    return add("DequantizeLinear", [sum, scale], ["axis": .integer(0)])
  }

  /// Integers less their zero point.
  mutating func integer(_ place: Int, _ zero: Int, axis: Int? = nil) -> String {
    let one = add("Constant", [], ["value_float": .float(1)])
    return add(
      "DequantizeLinear", [input(place), one, input(zero)],
      axis.map { ["axis": .integer($0)] } ?? [:])
  }

  /// All nodes, the last of which computes, or quantises what is computed to a scale and zero point.
  mutating func computing(
    _ kind: String, _ inputs: [String], _ scale: Int?, _ zero: Int?
  ) -> [ONNXNode] {
    let output = whole.outputs.first ?? ""
    guard let scale, whole.input(scale) != nil else {
      return nodes + [
        ONNXNode(
          kind, called: whole.name, inputs, output, whole.attributes, scopes: whole.scopes)
      ]
    }
    let result = name("result")
    return nodes + [
      ONNXNode(kind, called: whole.name, inputs, result, whole.attributes, scopes: whole.scopes),
      ONNXNode(
        "QuantizeLinear", called: called("range"),
        [result, input(scale), zero.map(input) ?? ""], output),
    ]
  }
}
