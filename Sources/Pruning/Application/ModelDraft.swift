internal import Engine
internal import ModelGraph

/// A model that is being changed: any number of changes are made to it, and what results is checked once.
///
/// Nodes stay in their places; what they are called and what they read stays, too.
struct ModelDraft {
  private let base: Model
  private let declarations: [NodeDeclaration]
  /// By node; the first one is the input.
  private var operators: [Operator]
  private var hasOtherOperators = false
  /// How often each parameter of the base is used.
  private let uses: [String: Int]
  /// By name.
  var parameters: [String: Parameter]

  /// A draft that leaves everything as it is.
  init(_ model: Model) {
    base = model
    declarations = model.graph.declarations
    operators = model.graph.nodes.map(\.op)
    uses = model.graph.parameterUses
    parameters = model.parameters
  }

  /// The operator of node `index`.
  subscript(index: Int) -> Operator {
    get { operators[index] }
    set {
      hasOtherOperators = hasOtherOperators || operators[index] != newValue
      operators[index] = newValue
    }
  }

  /// Gives a layer other weights, of so many filters and inputs as there are, and shifts its output as they say.
  mutating func replace(_ node: Int, by layer: LayerReconstruction.Solution) {
    guard let weight = base.graph.weight(of: node), !layer.shifts.isEmpty else { return }
    let kernel = Array(weight.shape.dropFirst(2))
    let inputs = layer.weights.count / layer.shifts.count / kernel.reduce(1, *)
    parameters[weight.name] = Parameter(
      shape: [layer.shifts.count, inputs] + kernel, values: layer.weights)
    correct(
      node, by: Calibration.Correction(scale: layer.shifts.map { _ in 1 }, shift: layer.shifts))
  }

  /// Scales and shifts each channel of a node's output: in the batch-norm that follows, otherwise in the weight and
  /// the bias, which the node gets if it has none. What other nodes use, too, they keep as it is, but for a weight:
  /// without a batch-norm behind, layers that share theirs can only be shifted.
  mutating func correct(_ node: Int, by correction: Calibration.Correction) {
    if let norm = base.graph.consumers[node].first,
      base.graph.soleBatchNormalization(after: node) != nil,
      case .batchNormalization(var parts) = operators[norm]
    {
      parts.scale = own(parts.scale, "weight", of: norm)
      parts.bias = own(parts.bias, "bias", of: norm)
      parameters[parts.scale]?.multiply(by: correction.scale)
      parameters[parts.bias]?.multiply(by: correction.scale)
      parameters[parts.bias]?.add(correction.shift)
      self[norm] = .batchNormalization(parts)
      return
    }
    /// Corrects a weight and a bias; returns the bias's name.
    func correct(weight: String, bias: String?) -> String {
      let bias = own(bias, "bias", of: node)
      let count = correction.scale.count
      parameters[weight]?.multiply(by: correction.scale)
      parameters[bias, default: .zeros(count)].multiply(by: correction.scale)
      parameters[bias]?.add(correction.shift)
      return bias
    }
    switch operators[node] {
    case .convolution(var conv):
      conv.bias = correct(weight: conv.weight, bias: conv.bias)
      self[node] = .convolution(conv)
    case .linear(var linear):
      linear.bias = correct(weight: linear.weight, bias: linear.bias)
      self[node] = .linear(linear)
    default: break
    }
  }

  /// The name of a parameter that nothing but `node` uses: the parameter's own, or that of a copy of it.
  private mutating func own(_ name: String?, _ role: String, of node: Int) -> String {
    if let name, uses[name, default: 1] == 1 { return name }
    let copy = unusedName("\(base.graph.nodes[node].name).\(role)")
    parameters[copy] = name.flatMap { parameters[$0] }
    return copy
  }

  /// The name, lengthened until no parameter is called so.
  private func unusedName(_ name: String) -> String {
    var name = name
    while parameters[name] != nil { name += "_" }
    return name
  }

  /// The changed model.
  /// - Throws: `GraphError` if the parts do not go together.
  func model() throws(GraphError) -> Model {
    var graph = base.graph
    if hasOtherOperators {
      var changed = declarations
      for place in changed.indices { changed[place].op = operators[place + 1] }
      graph = try Graph(input: graph.inputShape, declarations: changed)
    }
    return try Model(
      name: base.name, graph: graph, input: base.input, classes: base.classes,
      parameters: parameters, changing: base)
  }
}

extension Parameter {
  fileprivate static func zeros(_ count: Int) -> Parameter {
    Parameter(shape: [count], values: [Float](repeating: 0, count: count))
  }

  /// Multiplies each row with its factor.
  fileprivate mutating func multiply(by factors: [Float]) {
    guard factors.contains(where: { $0 != 1 }) else { return }
    let row = values.count / factors.count
    for (place, factor) in factors.enumerated() {
      for index in place * row..<(place + 1) * row { values[index] *= factor }
    }
  }

  fileprivate mutating func add(_ terms: [Float]) {
    for index in values.indices { values[index] += terms[index] }
  }
}
