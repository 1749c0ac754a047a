internal import ModelGraph

/// Finds operators that exporters wrote in small ones: GELU, SiLU, hard-swish, layer normalisation, biases,
/// attention, channel shuffles; and takes out rearrangements that undo each other.
struct Recognition {
  var draft: GraphDraft
  /// How many nodes read each node, when the pass began.
  var readers: [String: Int]
  /// Nodes that turned out to be the same as others.
  var aliases: [String: String] = [:]

  /// Rewrites a draft in place.
  /// - Returns: the node that now yields what `output` did.
  static func run(on draft: inout GraphDraft, output: String) -> String {
    var recognition = Recognition(draft: draft, readers: draft.readerCounts())
    recognition.readers[output, default: 0] += 1
    for name in recognition.draft.order { recognition.visit(name) }
    recognition.simplifyRearrangements()
    // The output is a node of its own, even if it is the input rearranged.
    var last = output
    while let next = recognition.aliases[last], next != GraphDraft.input { last = next }
    recognition.aliases[last] = nil
    recognition.draft.redirect(recognition.aliases)
    draft = recognition.draft
    return last
  }

  private mutating func visit(_ name: String) {
    switch draft[name].op {
    case .arithmetic(.multiply), .arithmetic(.divide):
      recogniseFunction(name)
      recogniseNormalization(name)
    case .arithmetic(.add):
      recogniseBias(name)
    case .matMul: recogniseAttention(name)
    case .convolution(let convolution): takeZeros(name, convolution)
    default: break
    }
  }

  // MARK: Asking

  /// The operator that yields `name`, if it has one input or two.
  func inputs(_ name: String, _ op: Operator) -> [String]? {
    draft[name].op == op ? draft[name].inputs : nil
  }

  func isConstant(_ name: String) -> Bool {
    if case .constant = draft[name].op { true } else { false }
  }

  /// The other operand of arithmetic with a number, and the number.
  func withNumber(_ name: String, _ kind: Arithmetic) -> (operand: String, number: Float)? {
    guard let inputs = inputs(name, .arithmetic(kind)) else { return nil }
    if let number = draft.scalar(inputs[1]) { return (inputs[0], number) }
    let isSymmetric = kind == .add || kind == .multiply
    if isSymmetric, let number = draft.scalar(inputs[0]) { return (inputs[1], number) }
    return nil
  }

  /// A product taken apart: its number and its other factors.
  func factors(_ name: String, depth: Int = 4) -> (number: Float, names: [String]) {
    if let number = draft.scalar(name) { return (number, []) }
    if depth > 0, let (operand, number) = withNumber(name, .divide) {
      let rest = factors(operand, depth: depth - 1)
      return (rest.number / number, rest.names)
    }
    if depth > 0, let inputs = inputs(name, .arithmetic(.multiply)) {
      let parts = inputs.map { factors($0, depth: depth - 1) }
      return (parts[0].number * parts[1].number, parts[0].names + parts[1].names)
    }
    return (1, [name])
  }

  func isClose(_ value: Float, _ expected: Float) -> Bool {
    abs(value - expected) <= abs(expected) * 1e-3
  }
}
