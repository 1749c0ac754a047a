internal import ModelGraph

/// Says Sculpt's graph as a module of PyTorch: its layers where the parameters' names have them, and a `forward` of
/// a line for each node.
struct PyTorchExporter {
  let model: Model
  /// Where it is to be written, for messages.
  let file: String
  /// What the weights' file holds, by name.
  private(set) var parameters: [String: Parameter] = [:]
  /// Statements of the constructor.
  private(set) var layers: [String] = []
  /// Statements of `forward`.
  private(set) var lines: [String] = []
  /// The functions that these call.
  private(set) var functions: Set<PythonFunction> = []
  /// Names in the state dict of tensors that the file has under others.
  private(set) var renamed: [(file: String, state: String)] = []

  private var tree = ModuleTree()
  private var variables: Variables
  /// The convolutions without the parts of their kernels that are zero, by node.
  private var convolutions: [Int: Convolution] = [:]
  private var modules: [Int: ModuleTree.Member] = [:]
  private var tensors: [String: ModuleTree.Member] = [:]
  private var indices: [Int: [ModuleTree.Member]] = [:]
  private var readsBatch = false

  private var graph: Graph { model.graph }

  /// Says all of a model's graph.
  /// - Throws: `FormatError` if a node cannot be computed, or weights are missing.
  init(_ model: Model, file: String) throws(FormatError) {
    self.model = model
    self.file = file
    variables = Variables(model.graph)
    try readParameters()
    addLayers()
    for (index, node) in graph.nodes.enumerated() {
      indices[index] = node.tables(of: shape(node)).enumerated().map { place, table in
        tree.addTensor("\(Python.identifier(node.name))_\(place)", "\(table), persistent=False")
      }
    }
    layers = tree.statements()
    try addLines()
    nameTensors()
  }

  // MARK: Layers

  /// Taps that are zero in every filter are left out where a smaller kernel holds the others, as long as no other node
  /// needs them.
  private mutating func readParameters() throws(FormatError) {
    var uses: [String: Int] = [:]
    for index in graph.nodes.indices {
      for parameter in graph.parameters(of: index) { uses[parameter.name, default: 0] += 1 }
    }
    for (index, node) in graph.nodes.enumerated() {
      for declared in graph.parameters(of: index) where inlinedNumber(index) == nil {
        guard let parameter = model.parameters[declared.name] else {
          throw FormatError(
            file, "cannot be written: the tensor \(declared.name.quoted) is missing",
            remedy: "export a model that has its weights")
        }
        parameters[declared.name] = parameter
      }
      guard case .convolution(var conv) = node.op else { continue }
      if uses[conv.weight] == 1, let weight = parameters[conv.weight],
        let box = conv.box(ofUsedTapsIn: weight)
      {
        parameters[conv.weight] = weight.part(box)
        conv = conv.convolution(of: box)
      }
      convolutions[index] = conv
    }
  }

  /// A layer is a module if nothing else has its parameters but the same layer at another place; otherwise its
  /// parameters stand by themselves.
  private mutating func addLayers() {
    var users: [String: Set<Use>] = [:]
    for index in graph.nodes.indices {
      let use = layer(index).map(Use.layer) ?? .other
      for parameter in graph.parameters(of: index) {
        users[parameter.name, default: []].insert(use)
      }
    }
    var known: [PyTorchLayer: ModuleTree.Member] = [:]
    for (index, node) in graph.nodes.enumerated() {
      if let layer = layer(index),
        layer.roles.allSatisfy({ users[$0.parameter] == [.layer(layer)] }),
        Set(layer.roles.map(\.parameter)).count == layer.roles.count
      {
        let member = known[layer] ?? tree.addModule(layer.path ?? node.name, layer.constructor)
        known[layer] = member
        modules[index] = member
        continue
      }
      for declared in graph.parameters(of: index) where tensors[declared.name] == nil {
        guard let shape = parameters[declared.name]?.shape else { continue }
        let empty = "torch.empty(\(Python.tuple(shape)))"
        tensors[declared.name] = tree.addTensor(
          declared.name, declared.isLearned ? "nn.Parameter(\(empty))" : empty)
      }
    }
  }

  /// Who reads a parameter.
  private enum Use: Hashable {
    case layer(PyTorchLayer)
    case other
  }

  private func layer(_ index: Int) -> PyTorchLayer? {
    let node = graph.nodes[index]
    let op = convolutions[index].map(Operator.convolution) ?? node.op
    return node.inputs.first.flatMap { PyTorchLayer(op, input: graph.nodes[$0].shape) }
  }

  private mutating func nameTensors() {
    var states: [String: String] = [:]
    for (index, member) in modules {
      for role in layer(index)?.roles ?? [] {
        states[role.parameter] = "\(tree.key(member)).\(role.name)"
      }
    }
    for (name, member) in tensors { states[name] = tree.key(member) }
    renamed = states.filter { $0.key != $0.value }.sorted { $0.key < $1.key }.map { ($0, $1) }
  }

  // MARK: Lines

  private mutating func addLines() throws(FormatError) {
    _ = variables.assign(0, reading: [])
    for (index, node) in graph.nodes.enumerated() {
      if case .constant = node.op, index != graph.output { continue }
      let value = try expression(index)
      let name = index == 0 ? Variables.input : variables.assign(index, reading: node.inputs)
      guard value != name else { continue }
      let isNamed = modules[index].map { tree.key($0) } == node.name
      lines.append("\(name) = \(value)" + (isNamed ? "" : "  # \(node.name.printable)"))
    }
    if model.input.storesChannelsLast(graph.inputShape) {
      lines.insert("x = x.permute(0, 3, 1, 2)", at: 0)
    }
    if readsBatch { lines.insert("n = x.shape[0]", at: 0) }
    lines.append("return \(variables[graph.output])")
  }

  // MARK: What expressions are made of

  /// The extents of a node's first input, the batch's left out.
  func shape(_ node: Node) -> [Int] {
    node.inputs.first.map { graph.nodes[$0].shape.dimensions } ?? []
  }

  /// The convolution of a node, without the parts of its kernel that are zero.
  func convolution(_ index: Int, _ declared: Convolution) -> Convolution {
    convolutions[index] ?? declared
  }

  /// The module of a node; nil if it has none.
  func module(_ index: Int) -> String? { modules[index].map { tree.access($0) } }

  /// A parameter that stands by itself.
  func tensor(_ name: String) -> String { tensors[name].map { tree.access($0) } ?? "None" }

  /// The table of indices of a node for its `place`-th axis that needs one.
  func table(_ index: Int, _ place: Int = 0) -> String {
    indices[index].map { tree.access($0[place]) } ?? ""
  }

  /// Notes that a function is called.
  mutating func function(_ function: PythonFunction) -> String {
    functions.insert(function)
    return function.rawValue
  }

  /// What node `index` yields, with the batch's axis: a constant is repeated for every image.
  mutating func activation(_ index: Int) -> String {
    guard case .constant(let constant) = graph.nodes[index].op else { return variables[index] }
    readsBatch = true
    return Python.call(
      "\(tensor(constant.parameter)).expand", (["n"] + constant.shape.dimensions.map(String.init)))
  }

  /// The inputs of a node, broadcast against each other from the last axis on: constants need no batch there,
  /// and activations of fewer axes get new ones behind the batch's.
  mutating func operands(_ node: Node) -> [String] {
    let areConstant = node.inputs.allSatisfy(isConstant)
    return node.inputs.map { index in
      if case .constant(let constant) = graph.nodes[index].op, !areConstant {
        return inlinedNumber(index) ?? tensor(constant.parameter)
      }
      let missing = node.shape.rank - graph.nodes[index].shape.rank
      let value = activation(index)
      guard missing > 0 else { return value }
      return "\(value)[:, \([String](repeating: "None", count: missing).joined(separator: ", "))]"
    }
  }

  private func isConstant(_ index: Int) -> Bool {
    if case .constant = graph.nodes[index].op { true } else { false }
  }

  /// A constant as a number in the text: one that the network's author wrote down, and that is only reckoned with.
  func inlinedNumber(_ index: Int) -> String? {
    guard case .constant(let constant) = graph.nodes[index].op, !constant.isLearned,
      constant.shape.count == 1, index != graph.output,
      let value = model.parameters[constant.parameter]?.values.first,
      graph.consumers[index].allSatisfy({ reader in
        let node = graph.nodes[reader]
        guard case .arithmetic = node.op else { return false }
        return node.inputs.contains {
          !isConstant($0) && graph.nodes[$0].shape.rank >= constant.shape.rank
        }
      })
    else { return nil }
    return Python.number(value)
  }
}

extension Convolution {
  /// The part of the kernel that holds every tap which is not zero in all filters; nil if that is the whole.
  fileprivate func box(ofUsedTapsIn weight: Parameter) -> KernelBox? {
    guard let used = weight.usedTaps(of: kernel), !used.isDense else { return nil }
    return boxes(holding: used, most: 1)?.first
  }
}

extension Parameter {
  /// The weight of a part of each kernel.
  fileprivate func part(_ box: KernelBox) -> Parameter {
    let (height, width) = (shape[2], shape[3])
    let kernels = stride(from: 0, to: values.count, by: height * width)
    return Parameter(
      shape: Array(shape[..<2]) + [box.rows.count, box.columns.count],
      values: kernels.flatMap { kernel in
        box.rows.flatMap { row in box.columns.map { values[kernel + row * width + $0] } }
      })
  }
}
