extension Model {
  /// The same network in operators that engines compute together with what is around them: the layer before a
  /// batch-norm does its work, and a shortcut that takes every other place and adds empty channels (option A of He et
  /// al., arXiv 1512.03385) is a convolution. Outputs differ by rounding alone.
  ///
  /// A batch-norm stays where something else reads the layer's output, too, another layer has the same weight, or a
  /// weight would be too large for a number; without weights everything stays.
  public func fused() -> Model {
    guard isTrained else { return self }
    var rewriting = Rewriting(self)
    for index in graph.nodes.indices {
      rewriting.fold(index)
      rewriting.convolve(index)
    }
    return rewriting.model
  }
}

/// A model of which some nodes take the place of others.
private struct Rewriting {
  private let base: Model
  private var parameters: [String: Parameter]
  /// By node.
  private var operators: [Operator]
  /// For each node that another one does the work of, that other; it stands there.
  private var replacements: [Int: Int] = [:]
  /// Nodes that nothing reads any more.
  private var gone: Set<Int> = []
  /// What nodes read that read something else than before.
  private var inputs: [Int: [Int]] = [:]
  private let uses: [String: Int]

  private var graph: Graph { base.graph }

  init(_ model: Model) {
    base = model
    parameters = model.parameters
    operators = model.graph.nodes.map(\.op)
    uses = model.graph.parameterUses
  }

  /// Lets the layer before a batch-norm scale and shift its output.
  mutating func fold(_ index: Int) {
    let node = graph.nodes[index]
    guard case .batchNormalization(let norm) = node.op, case let layer = node.inputs[0],
      graph.consumers[layer].count == 1,
      let weight = graph.weight(of: layer)?.name, uses[weight] == 1,
      let (scales, shifts) = norm.scalesAndShifts(parameters),
      node.shape.rank == 1 || graph.nodes[layer].op.isConvolution
    else { return }
    let old = graph.nodes[layer].op.bias
    let shift = old.flatMap { base.parameters[$0]?.values } ?? shifts.map { _ in 0 }
    let bias = Parameter(
      shape: [scales.count],
      values: scales.indices.map { Float(Double(shift[$0]) * scales[$0] + shifts[$0]) })
    guard let scaled = parameters[weight]?.scalingRows(by: scales),
      (scaled.values + bias.values).allSatisfy(\.isFinite)
    else { return }
    parameters[weight] = scaled
    if let old, uses[old] == 1 {
      parameters[old] = bias
    } else {
      operators[layer].bias = add(bias, called: "\(graph.nodes[layer].name).bias")
    }
    replacements[index] = layer
    gone.insert(layer)
  }

  /// Makes a convolution of a padding of channels behind slices that begin at the first row and column.
  mutating func convolve(_ index: Int) {
    let node = graph.nodes[index]
    guard case .pad(let padding) = node.op, padding.mode == .constant(0), node.shape.rank == 3,
      padding.before.dropFirst().allSatisfy({ $0 == 0 }),
      padding.after.dropFirst().allSatisfy({ $0 == 0 })
    else { return }
    var source = node.inputs[0]
    var slices: Set<Int> = []
    var strides = Extent.one
    while case .slice(let slice) = graph.nodes[source].op, graph.consumers[source].count == 1,
      slice.starts.allSatisfy({ $0 == 0 }), slice.steps.allSatisfy({ $0 > 0 }), slice.steps[0] == 1
    {
      slices.insert(source)
      strides = Extent(strides.height * slice.steps[1], strides.width * slice.steps[2])
      source = graph.nodes[source].inputs[0]
    }
    let (from, to) = (graph.nodes[source].shape, node.shape)
    guard !slices.isEmpty, from.channels + padding.before[0] + padding.after[0] == to.channels,
      (from.height - 1) / strides.height + 1 == to.height,
      (from.width - 1) / strides.width + 1 == to.width
    else { return }
    var weight = Parameter(
      shape: [to.channels, from.channels, 1, 1],
      values: [Float](repeating: 0, count: to.channels * from.channels))
    for channel in 0..<from.channels {
      weight.values[(padding.before[0] + channel) * from.channels + channel] = 1
    }
    operators[index] = .convolution(
      Convolution(
        outputChannels: to.channels, kernel: .one, strides: strides,
        weight: add(weight, called: "\(node.name).weight")))
    inputs[index] = [source]
    gone.formUnion(slices)
  }

  private mutating func add(_ parameter: Parameter, called name: String) -> String {
    var name = name
    while parameters[name] != nil { name += "_" }
    parameters[name] = parameter
    return name
  }

  /// What results.
  var model: Model {
    func name(_ index: Int) -> String { graph.nodes[replacements[index] ?? index].name }
    let declarations = graph.nodes.indices.dropFirst().filter { !gone.contains($0) }.map { index in
      let place = replacements[index] ?? index
      return NodeDeclaration(
        name: name(index), op: operators[place],
        inputs: (inputs[place] ?? graph.nodes[place].inputs).map(name))
    }
    do {
      return try Model(
        name: base.name, graph: Graph(input: graph.inputShape, declarations: declarations),
        input: base.input, classes: base.classes, parameters: parameters, changing: base)
    } catch {
      preconditionFailure("the same network in other operators is one: \(error)")
    }
  }
}

extension Operator {
  fileprivate var isConvolution: Bool { if case .convolution = self { true } else { false } }

  /// The name of a layer's bias.
  fileprivate var bias: String? {
    get {
      switch self {
      case .convolution(let convolution): convolution.bias
      case .linear(let linear): linear.bias
      default: nil
      }
    }
    set {
      switch self {
      case .convolution(var convolution):
        convolution.bias = newValue
        self = .convolution(convolution)
      case .linear(var linear):
        linear.bias = newValue
        self = .linear(linear)
      default: break
      }
    }
  }
}

extension BatchNormalization {
  /// What each channel is multiplied with, and what is added then.
  fileprivate func scalesAndShifts(_ parameters: [String: Parameter]) -> ([Double], [Double])? {
    guard let scale = parameters[scale]?.values, let bias = parameters[bias]?.values,
      let mean = parameters[mean]?.values, let variance = parameters[variance]?.values
    else { return nil }
    let scales = scale.indices.map {
      Double(scale[$0]) / (Double(variance[$0]) + Double(epsilon)).squareRoot()
    }
    return (scales, scales.indices.map { Double(bias[$0]) - Double(mean[$0]) * scales[$0] })
  }
}

extension Parameter {
  /// Multiplies what belongs to each place of the first axis.
  fileprivate func scalingRows(by factors: [Double]) -> Parameter {
    let row = values.count / factors.count
    return Parameter(
      shape: shape,
      values: values.indices.map { Float(Double(values[$0]) * factors[$0 / row]) })
  }
}
