internal import ModelGraph

/// Says Sculpt's graph in ONNX's operators, with the axis of the batch before those of each activation.
///
/// Only standard operators of opset 17 are used, in the form that engines have read for years: GELU is
/// written with `Erf`, attention as two products and a softmax, a group normalisation as that of
/// instances. All extents are fixed but the batch's.
struct ONNXExporter {
  let model: Model
  /// Where it is to be written, for messages.
  let file: String
  /// The operators so far.
  private(set) var nodes: [ProtoNode] = []
  /// The tensors so far.
  private(set) var tensors: [(name: String, tensor: ONNXTensor)] = []
  /// The name of each node's activation; for a constant, of its tensor.
  private var values: [String] = []
  /// The domain of operators.
  private var stem = ""
  private var taken: Set<String> = [Self.input, Self.output]
  private var parameterNames: [String: String] = [:]
  private var tensorNames: [String: [TensorForm: String]] = [:]
  private var literals: [String: String] = [:]
  /// The parts of convolutions that only the sum behind them adds up.
  var sums: [Int: [String]] = [:]
  /// Constants that were repeated for every image.
  private var repeated: [Int: String] = [:]
  /// The number of images, once something needs it.
  private var batch: String?

  /// The name of the input.
  static let input = "input"
  /// The name of the output.
  static let output = "output"
  /// The version of the standard operators.
  static let opset = 17

  private var graph: Graph { model.graph }

  /// Writes all of a model's graph.
  /// - Throws: `FormatError` if a node cannot be said in ONNX's operators, or weights are missing.
  init(_ model: Model, file: String) throws(FormatError) {
    self.model = model
    self.file = file
    nameParameters()
    values = [Self.input] + graph.nodes.dropFirst().map { unused($0.name) }
    if model.input.storesChannelsLast(graph.inputShape), graph.nodes.count > 1 {
      stem = Self.input
      values[0] = transpose(Self.input, [2, 0, 1])
    }
    for (index, node) in graph.nodes.enumerated() {
      if case .constant(let constant) = node.op {
        values[index] = try tensor(constant.parameter, .shaped(constant.shape.dimensions))
        continue
      }
      stem = values[index]
      let count = nodes.count
      try add(index)
      guard nodes.count > count else { continue }
      // The last of its operators is the node itself.
      nodes[nodes.count - 1].name = values[index]
      if index == graph.output { values[index] = Self.output }
      nodes[nodes.count - 1].output = [values[index]]
    }
  }

  /// Parameters keep their names; a number that nobody trained is called so that it is not taken for one.
  private mutating func nameParameters() {
    for (index, node) in graph.nodes.enumerated() {
      for parameter in graph.parameters(of: index) where parameterNames[parameter.name] == nil {
        let isNumber =
          if case .constant(let constant) = node.op { !constant.isLearned } else { false }
        parameterNames[parameter.name] = unused(isNumber ? "/\(parameter.name)" : parameter.name)
      }
    }
  }

  /// No case is left out: a new operator does not compile before it can be written.
  private mutating func add(_ index: Int) throws(FormatError) {
    let node = graph.nodes[index]
    switch node.op {
    case .input:
      // The output is never the input itself.
      if graph.nodes.count == 1 { emit("Identity", [Self.input]) }
    case .constant: break
    case .convolution(let convolution): try add(convolution, index)
    case .linear(let linear): try add(linear, node)
    case .matMul: emit("MatMul", operands(node))
    case .attention(let attention): add(attention, node)
    case .batchNormalization(let norm): try add(norm, node)
    case .layerNormalization(let norm): try add(norm, node)
    case .groupNormalization(let norm): try add(norm, node)
    case .activation(let activation): add(activation, node)
    case .parametricRelu(let slope):
      emit(
        "PRelu", [source(node), try tensor(slope.parameter, .shaped(slope.shape.dimensions))])
    case .arithmetic(.add) where node.inputs.contains { sums[$0] != nil }: addSum(node)
    case .arithmetic(let arithmetic): emit(arithmetic.rawValue, operands(node))
    case .softmax(let axis): emit("Softmax", [source(node)], [.integer("axis", axis + 1)])
    case .maxPool(let pooling): addMaxPool(pooling, node)
    case .averagePool(let pooling): addAveragePool(pooling, node)
    case .globalAveragePool: emit("GlobalAveragePool", [source(node)])
    case .reduceMean(let axes, let keepsAxes): addMean(over: axes, keepsAxes, node)
    case .argMax(let axis, let keepsAxis): addArgMax(axis, keepsAxis, node)
    case .concat(let axis):
      emit("Concat", node.inputs.map { activation($0) }, [.integer("axis", axis + 1)])
    case .slice(let slice): self.slice(source(node), slice, of: shape(node))
    case .gather(let gather): add(gather, node)
    case .flatten: emit("Flatten", [source(node)], [.integer("axis", 1)])
    case .reshape(let shape): reshape(source(node), to: shape.dimensions)
    case .transpose(let permutation): transpose(source(node), permutation)
    case .expand: emit("Expand", operands(node) + [integers([1] + node.shape.dimensions)])
    case .pad(let padding): pad(source(node), padding)
    case .resize(let resize): add(resize, node)
    case .channelShuffle(let groups): addShuffle(groups, node)
    case .unsupported(let unsupported):
      throw FormatError(
        file,
        "node \(node.name.quoted) (\(unsupported.kind)) cannot be written: it \(unsupported.reason)",
        remedy: "take it out of the model")
    }
  }

  // MARK: Operators

  /// Adds an operator; a node's last one gets the node's name.
  /// - Returns: what it yields.
  @discardableResult mutating func emit(
    _ kind: String, _ inputs: [String], _ attributes: [ProtoAttribute] = []
  ) -> String {
    var node = ProtoNode()
    node.opType = kind
    node.name = unused("\(stem).\(kind.lowercased())")
    node.input = inputs
    node.output = [node.name]
    node.attribute = attributes
    nodes.append(node)
    return node.name
  }

  /// `name`, or the like if that is taken.
  private mutating func unused(_ name: String) -> String {
    let stem = name.isEmpty ? "node" : name
    var name = stem
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(stem)_\(number)"
      number += 1
    }
    return name
  }

  // MARK: Activations

  /// The extents of a node's first input, the batch's left out.
  func shape(_ node: Node) -> [Int] { graph.nodes[node.inputs[0]].shape.dimensions }

  /// A node's first input.
  mutating func source(_ node: Node) -> String { activation(node.inputs[0]) }

  /// The output of node `index`, with the batch's axis: a constant is repeated for every image.
  mutating func activation(_ index: Int) -> String {
    guard isConstant(index) else { return values[index] }
    if let name = repeated[index] { return name }
    let name = emit(
      "Expand", [values[index], batched(graph.nodes[index].shape.dimensions)])
    repeated[index] = name
    return name
  }

  /// The inputs of a node, broadcast against each other from the last axis on: constants need no batch there,
  /// and activations of fewer axes get new ones behind the batch's.
  mutating func operands(_ node: Node) -> [String] {
    let areConstant = node.inputs.allSatisfy(isConstant)
    return node.inputs.map { index in
      if isConstant(index), !areConstant { return values[index] }
      let missing = node.shape.rank - graph.nodes[index].shape.rank
      let value = activation(index)
      guard missing > 0 else { return value }
      return emit("Unsqueeze", [value, integers(Array(1...missing))])
    }
  }

  private func isConstant(_ index: Int) -> Bool {
    if case .constant = graph.nodes[index].op { true } else { false }
  }

  /// The extents of an activation with its batch, computed as the images come.
  mutating func batched(_ shape: [Int]) -> String {
    let batch =
      batch ?? emit("Shape", [Self.input], [.integer("start", 0), .integer("end", 1)])
    self.batch = batch
    return emit("Concat", [batch, integers(shape)], [.integer("axis", 0)])
  }

  @discardableResult mutating func reshape(_ value: String, to shape: [Int]) -> String {
    // Zero keeps the batch.
    emit("Reshape", [value, integers([0] + shape)])
  }

  @discardableResult mutating func transpose(_ value: String, _ permutation: [Int]) -> String {
    emit("Transpose", [value], [.integers("perm", [0] + permutation.map { $0 + 1 })])
  }

  // MARK: Tensors

  /// A parameter in a form in which an operator wants it.
  /// - Throws: `FormatError` if the model has no weights.
  mutating func tensor(
    _ parameter: String, _ form: TensorForm = .whole
  ) throws(FormatError) -> String {
    if let name = tensorNames[parameter]?[form] { return name }
    let values = try self.parameter(parameter)
    let own = parameterNames[parameter] ?? parameter
    let name = tensorNames[parameter] == nil ? own : unused(own)
    tensorNames[parameter, default: [:]][form] = name
    tensors.append((name, form.applied(to: values)))
    return name
  }

  /// A parameter's values.
  /// - Throws: `FormatError` if the model has no weights.
  func parameter(_ name: String) throws(FormatError) -> Parameter {
    guard let parameter = model.parameters[name] else {
      throw FormatError(
        file, "cannot be written: the tensor \(name.quoted) is missing",
        remedy: "export a model that has its weights")
    }
    return parameter
  }

  /// A number.
  mutating func number(_ value: Float) -> String {
    literal(ONNXTensor([value], shape: []), "\(value)")
  }

  /// Whole numbers: extents, axes, indices.
  mutating func integers(_ values: [Int]) -> String {
    literal(ONNXTensor(values, shape: [values.count]), "\(values)")
  }

  /// One number everywhere.
  mutating func uniform(_ value: Float, _ shape: [Int]) -> String {
    let values = [Float](repeating: value, count: shape.reduce(1, *))
    return literal(ONNXTensor(values, shape: shape), "\(value) as \(shape)")
  }

  /// A tensor that is no parameter; what has the same text is the same.
  mutating func literal(_ tensor: ONNXTensor, _ text: String) -> String {
    if let name = literals[text] { return name }
    // Tables of indices are not their own names.
    let name = unused(text.utf8.count <= 40 ? "/\(text)" : "/\(stem).constant")
    literals[text] = name
    tensors.append((name, tensor))
    return name
  }
}
