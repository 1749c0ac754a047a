internal import ModelGraph

/// Turns an ONNX graph into Sculpt's, without the batch axis.
///
/// A batch of one image is imagined: axes that are known only then have known extents, and reshapes
/// fold to constants. The axis of the batch is followed through transposes and reshapes and left out of
/// each activation's shape; where it merges with another axis, nothing is left out, as its extent is 1.
struct ONNXImporter {
  let source: ONNXFile
  /// How an image becomes the input.
  private(set) var input: InputDescription
  var draft: GraphDraft
  var bindings: [String: Binding] = [:]
  /// The nodes that yield constants.
  var constantNodes: [Constant: String] = [:]
  /// Nodes that cannot be computed and whose shapes are guesses.
  private var guesses: Set<String> = []
  /// How many values may be read and made while constants are folded.
  private var foldingBudget: Int

  typealias Failure = ConstantFolding.Failure

  enum Binding {
    case activation(Value)
    case constant(ONNXConstant)
  }

  /// A value that depends on the input.
  struct Value {
    /// The draft's node that yields it.
    var node: String
    /// Its extents in ONNX, the batch's included.
    var extents: [Int]
    /// The axis that the node's shape lacks; its extent is 1.
    var batchAxis: Int?

    /// The quantisation of its real values, if it was quantised.
    var quantization: Quantization?

    var rank: Int { extents.count }
  }

  /// The result of an import.
  struct Result {
    let graph: Graph
    let parameters: [String: ONNXConstant]
    let input: InputDescription
    /// The name of the output that the graph yields, and those that it could.
    let output: String
    let outputs: [String]
  }

  /// Imports a graph.
  ///
  /// - Parameter output: which of its outputs is wanted; by default the one called `logits`, otherwise the
  ///   first.
  /// - Throws: `FormatError`, which names the node at fault.
  static func run(_ source: ONNXFile, output: String? = nil) throws(FormatError) -> Result {
    do {
      var importer = try ONNXImporter(source)
      for (index, node) in source.nodes.enumerated() { try importer.add(node, index) }
      return try importer.finished(output)
    } catch let error as FormatError {
      throw error
    } catch let error as GraphError {
      throw FormatError(source.path, error.description, remedy: "export the model again")
    } catch let error as Failure {
      throw FormatError(source.path, error.reason, remedy: "export the model again")
    } catch {
      throw FormatError(source.path, "\(error)", remedy: "export the model again")
    }
  }

  private init(_ source: ONNXFile) throws {
    self.source = source
    guard source.inputs.count == 1, let input = source.inputs.first else {
      let names = source.inputs.map { $0.name.quoted }.joined(separator: ", ")
      throw FormatError(
        source.path, "has \(source.inputs.count) inputs (\(names)), not one",
        remedy: "export it with the image as its only input")
    }
    guard let shape = input.shape, let first = shape.first,
      shape.dropFirst().allSatisfy({ $0 != nil })
    else {
      throw FormatError(
        source.path, "does not say how large its input \(input.name.quoted) is",
        remedy: "export it with fixed extents; only the batch may vary")
    }
    // A fixed first extent is the batch of feature maps; of anything else it belongs to the input.
    let rest = shape.dropFirst().map { $0 ?? 1 }
    let isBatch = first == nil || first == 1 || shape.count == 4
    guard !isBatch || !rest.isEmpty else {
      throw FormatError(
        source.path, "has an input of one axis, the batch's", remedy: "export it with its features")
    }
    let own = isBatch ? rest : [first ?? 1] + rest
    guard Rules.isPossible(own) else {
      throw FormatError(
        source.path, "has an input of shape \(own.prefix(8)), which cannot be",
        remedy: "export the model again")
    }
    // Weights that are standardised operator by operator are read and made a dozen times.
    let stored = source.initializers.values.reduce(source.file.count / 4) { $0 + $1.count }
    foldingBudget = ConstantFolding.largestCount + 16 * stored
    let layout = source.imageLayout
    self.input = source.inputDescription(layout)
    let isLast = isBatch && layout == .channelsLast && own.count == 3
    draft = GraphDraft(input: Shape(isLast ? [own[2], own[0], own[1]] : own))
    bindings[input.name] = .activation(
      isLast
        ? try emit(
          "\(input.name).nhwc", .transpose(permutation: [1, 2, 0]), [GraphDraft.input],
          batchAxis: 0)
        : Value(
          node: GraphDraft.input, extents: isBatch ? [1] + own : own, batchAxis: isBatch ? 0 : nil
        ))
    for (name, tensor) in source.initializers {
      var tensor = tensor
      // Small ones steer the import; weights are read later.
      if tensor.count <= 1024 { tensor.values = try tensor.read(from: source.file) }
      bindings[name] = .constant(.stored(tensor))
    }
  }

  mutating func add(_ node: ONNXNode, _ index: Int) throws {
    do {
      if node.kind == "If", node.domain.isEmpty { return try addBranch(of: node, index) }
      if let parts = try node.spelledOut() {
        for part in parts { try add(part, index) }
        return
      }
      let name = name(of: node, index)
      if let tensor = try described(node) { return bind(node, [.constant(.known(tensor))]) }
      if let constants = try folded(node) { return bind(node, constants.map { .constant($0) }) }
      if node.kind == "Dropout" { return bind(node, try dropout(node)) }
      if node.kind == "DynamicQuantizeLinear" { return bind(node, try dynamicallyQuantized(node)) }
      let results = try ONNXOperators.convert(node, called: name, in: &self)
      bind(node, results.map { .activation($0) })
    } catch let failure as Failure {
      try keepUnsupported(node, index, failure.reason)
    }
  }

  private func name(of node: ONNXNode, _ index: Int) -> String {
    ONNXNames.name(of: node, index) { input in
      if case .constant = bindings[input] { true } else { false }
    }
  }

  mutating func bind(_ node: ONNXNode, _ values: [Binding]) {
    for (name, value) in zip(node.outputs, values) where !name.isEmpty { bindings[name] = value }
  }

  /// The values that depend on an activation's shape or type alone.
  private func described(_ node: ONNXNode) throws -> ONNXTensor? {
    let place = node.kind == "CastLike" ? 1 : 0
    guard node.domain.isEmpty, case .activation(let value) = bindings[node.input(place) ?? ""]
    else {
      return nil
    }
    switch node.kind {
    case "Shape": return try ConstantFolding.shape(value.extents, node)
    case "Size": return ONNXTensor([value.extents.reduce(1, *)], shape: [])
    case "CastLike":
      guard case .constant = bindings[node.input(0) ?? ""], let tensor = try tensor(node, 0) else {
        return nil
      }
      return ONNXTensor(tensor.floats, shape: tensor.shape)
    default: return nil
    }
  }

  private mutating func folded(_ node: ONNXNode) throws -> [ONNXConstant]? {
    guard node.domain.isEmpty else { return nil }
    var inputs: [ONNXConstant?] = []
    for name in node.inputs {
      switch bindings[name] {
      case .constant(let constant): inputs.append(constant)
      case .activation: return nil
      case nil:
        guard name.isEmpty else {
          throw Failure(reason: "reads \(name.quoted), which nothing yields")
        }
        inputs.append(nil)
      }
    }
    return try ConstantFolding.fold(
      node, inputs, opset: source.opset, file: source.file, budget: &foldingBudget)
  }

  /// Keeps an operator for looking at, with the shape that the file tells or that of its input.
  private mutating func keepUnsupported(
    _ node: ONNXNode, _ index: Int, _ reason: String
  ) throws {
    // Graphs within it read what is around them.
    let inputs: [Value] = (node.inputs + node.captures).compactMap {
      if case .activation(let value) = bindings[$0] { value } else { nil }
    }
    let constants: [ONNXConstant] = node.inputs.compactMap {
      if case .constant(let constant) = bindings[$0] { constant } else { nil }
    }
    let name = name(of: node, index)
    // What is wrong there is no fault of its own.
    let reason = inputs.contains(where: isGuess) ? "has an input whose shape is unknown" : reason
    var seen: Set<String> = []
    let sources = inputs.map(\.node).filter { seen.insert($0).inserted }
    for output in node.outputs where !output.isEmpty {
      let candidates = [source.shapes[output], inputs.first?.extents, constants.first?.shape]
      let extents = candidates.compactMap { $0 }.first(where: Rules.isPossible) ?? [1]
      let batchAxis = inputs.first?.batchAxis.flatMap {
        extents.indices.contains($0) && extents[$0] == 1 ? $0 : nil
      }
      var shape = extents
      if let batchAxis { shape.remove(at: batchAxis) }
      let operation = Unsupported(kind: node.kind, shape: Shape(shape), reason: reason)
      let kept = try draft.add(name, .unsupported(operation), sources)
      if source.shapes[output] != extents { guesses.insert(kept) }
      bindings[output] = .activation(
        Value(node: kept, extents: extents, batchAxis: batchAxis))
    }
  }

  /// Whether a value's extents depend on a guess.
  private func isGuess(_ value: Value) -> Bool {
    guard !guesses.isEmpty else { return false }
    var seen: Set<String> = [value.node]
    var open = [value.node]
    while let node = open.popLast() {
      if guesses.contains(node) { return true }
      for input in draft[node].inputs where seen.insert(input).inserted { open.append(input) }
    }
    return false
  }

  /// Throws what keeps a value from depending on the input: an operator that reads what is not there.
  private func checkReachesInput(_ output: Value) throws {
    let sources = draft.sources(of: output.node)
    guard !sources.contains(GraphDraft.input) else { return }
    for name in draft.order where sources.contains(name) {
      guard case .unsupported(let operation) = draft[name].op else { continue }
      throw FormatError(
        source.path,
        "node \(name.quoted) (\(operation.kind)) cannot be computed: it \(operation.reason)",
        remedy: "export the model again")
    }
  }

  /// The output that a graph yields unless another is asked for: `logits`, otherwise the first.
  static func usualOutput(of names: [String]) -> String? {
    names.first { $0 == "logits" } ?? names.first
  }

  private mutating func finished(_ wanted: String?) throws -> Result {
    var values: [(name: String, value: Value)] = []
    for name in source.outputs.map(\.name) {
      if case .activation(let value) = bindings[name] { values.append((name, value)) }
    }
    let names = values.map(\.name)
    if let wanted, !names.contains(wanted) {
      throw FormatError(
        source.path, "has no output \(wanted.quoted) that depends on its input",
        remedy: "name one of \(names.map(\.quoted).joined(separator: ", ")) by --output")
    }
    let name = wanted ?? Self.usualOutput(of: names)
    guard let name, var output = values.first(where: { $0.name == name })?.value else {
      throw FormatError(
        source.path, "yields nothing that depends on its input", remedy: "export the model again")
    }
    output = try quantized(output)
    try checkReachesInput(output)
    // Classes are a vector, however many axes of extent 1 the file gives them.
    if output.batchAxis == nil, output.rank > 1, output.extents[0] == 1,
      case .activation(let input) = bindings[source.inputs[0].name], input.batchAxis == 0
    {
      output = try dropping(0, of: output)
    }
    if output.node == GraphDraft.input {
      output = try emit(
        "identity", .reshape(draft[output.node].shape), [output], batchAxis: output.batchAxis)
    }
    let last = Recognition.run(on: &draft, output: output.node)
    let graph = try Graph(
      input: draft[GraphDraft.input].shape, declarations: draft.declarations(output: last))
    let needed = Set(graph.nodes.indices.flatMap { graph.parameters(of: $0).map(\.name) })
    return Result(
      graph: graph, parameters: draft.parameters.filter { needed.contains($0.key) },
      input: input, output: name, outputs: names)
  }
}
