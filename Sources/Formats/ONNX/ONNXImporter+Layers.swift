internal import ModelGraph

extension ONNXImporter {
  mutating func convolution(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try featureMap(node)
    guard let weight = try parameter(node, 1, of: name, "weight"), weight.shape.count == 4 else {
      throw Failure(reason: "has no weight of four axes")
    }
    let bias = try parameter(node, 2, of: name, "bias")
    let window = try Window(node, kernel: Array(weight.shape.dropFirst(2)), input: value.extents)
    let convolution = Convolution(
      outputChannels: weight.shape[0], kernel: window.kernel, strides: window.strides,
      pads: window.pads, dilations: window.dilations, groups: node.integer("group") ?? 1,
      weight: weight.name, bias: bias?.name)
    guard convolution.groups > 0, weight.shape[1] * convolution.groups == value.extents[1],
      bias.map({ $0.shape == [weight.shape[0]] }) ?? true
    else { throw Failure(reason: "has a weight \(weight.shape) for \(value.extents)") }
    return try emit(name, .convolution(convolution), [value], batchAxis: 0)
  }

  /// alpha A B + beta C.
  mutating func gemm(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try activation(node)
    guard value.rank == 2, node.integer("transA") ?? 0 == 0 else {
      throw Failure(reason: "transposes its input")
    }
    guard var weight = try constant(node, 1), weight.shape.count == 2, let origin = node.input(1)
    else { throw Failure(reason: "has no constant matrix as its weight") }
    var identity = origin
    if node.integer("transB") ?? 0 == 0 {
      weight = .transposed(weight, permutation: [1, 0])
      identity += " transposed"
    }
    if let alpha = node.float("alpha"), alpha != 1 {
      weight = .scaled(weight, by: alpha)
      identity += " times \(alpha)"
    }
    var bias = try constant(node, 2)
    let beta = node.float("beta") ?? 1
    if beta == 0 { bias = nil }
    if let constant = bias, beta != 1 { bias = .scaled(constant, by: beta) }
    let result = try linear(value, weight, origin, identity, name)
    guard let bias, let biasName = node.input(2) else { return result }
    let addend = "\(biasName)\(beta == 1 ? "" : " times \(beta)")"
    return try arithmetic(.add, "\(name).bias", result, bias, addend, isSwapped: false)
  }

  /// A linear layer with a weight `[out, in]`.
  private mutating func linear(
    _ value: Value, _ weight: ONNXConstant, _ origin: String, _ identity: String,
    _ name: String
  ) throws -> Value {
    let value = value.batchAxis == value.rank - 1 ? try whole(value) : value
    guard weight.shape[1] == value.extents[value.rank - 1] else {
      throw Failure(reason: "multiplies \(value.extents) with \(weight.shape)")
    }
    let own = ONNXNames.isTelling(origin) ? origin : "\(name).weight"
    let parameter = draft.parameter(weight, identity: identity, name: own)
    return try emit(
      name, .linear(Linear(outputFeatures: weight.shape[0], weight: parameter)), [value],
      batchAxis: value.batchAxis)
  }

  mutating func matMul(_ node: ONNXNode, _ name: String) throws -> Value {
    guard let (left, right) = node.input(0).flatMap({ left in node.input(1).map { (left, $0) } })
    else { throw Failure(reason: "lacks an input") }
    switch (bindings[left], bindings[right]) {
    case (.activation(let value), .constant(let weight))
    where weight.shape.count == 2 && value.rank >= 2:
      return try linear(
        value, .transposed(weight, permutation: [1, 0]), right, "\(right) transposed", name)
    case (.activation(let first), .activation(let second)):
      return try product(first, second, name)
    case (.activation(let value), .constant(let constant)) where constant.shape.count >= 2:
      let value = try whole(value)
      let other = try constantNode(constant, right, of: name)
      return try emit(name, .matMul, [value.node, other], batchAxis: nil)
    case (.constant(let constant), .activation(let value)) where constant.shape.count >= 2:
      let value = try whole(value)
      let other = try constantNode(constant, left, of: name)
      return try emit(name, .matMul, [other, value.node], batchAxis: nil)
    default: throw Failure(reason: "multiplies a vector")
    }
  }

  private mutating func product(
    _ first: Value, _ second: Value, _ name: String
  ) throws -> Value {
    let rank = max(first.rank, second.rank)
    // Counted from the last axis.
    let places = [first, second].map { value in value.batchAxis.map { value.rank - $0 } }
    if let place = places[0], places[1] == place, place > 2 {
      return try emit(name, .matMul, [first, second], batchAxis: rank - place)
    }
    let (first, second) = (try whole(first), try whole(second))
    return try emit(name, .matMul, [first, second], batchAxis: nil)
  }

  /// Microsoft's fused attention of queries, keys and values `[N, T, D]`.
  mutating func attention(_ node: ONNXNode, _ name: String) throws -> Value {
    guard node.inputs.dropFirst(3).allSatisfy(\.isEmpty), node.outputs.count == 1 else {
      throw Failure(reason: "has biases, masks or a past, which are not supported")
    }
    var inputs: [Value] = []
    for place in 0..<3 {
      inputs.append(try dropping(0, of: try activation(node, place)))
      guard inputs[place].rank == 3 else { throw Failure(reason: "has packed inputs") }
    }
    guard let heads = node.integer("num_heads"), heads > 0 else {
      throw Failure(reason: "does not say how many heads it has")
    }
    let features = Float(inputs[0].extents[2] / heads)
    let scale = node.float("scale").flatMap { $0 == 0 ? nil : $0 } ?? 1 / features.squareRoot()
    return try emit(
      name, .attention(Attention(heads: heads, scale: scale)), inputs, batchAxis: 0)
  }

  // MARK: Normalisation

  mutating func batchNormalization(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try dropping(0, of: try activation(node))
    guard node.integer("training_mode") ?? 0 == 0, value.rank >= 2 else {
      throw Failure(reason: "is in training mode")
    }
    var names: [String] = []
    for (place, role) in [(1, "weight"), (2, "bias"), (3, "running_mean"), (4, "running_var")] {
      guard let parameter = try parameter(node, place, of: name, role),
        parameter.shape == [value.extents[1]]
      else { throw Failure(reason: "lacks a \(role) for \(value.extents[1]) channels") }
      names.append(parameter.name)
    }
    let norm = BatchNormalization(
      scale: names[0], bias: names[1], mean: names[2], variance: names[3],
      epsilon: node.float("epsilon") ?? 1e-5)
    return try emit(name, .batchNormalization(norm), [value], batchAxis: 0)
  }

  mutating func layerNormalization(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    let number = try Rules.axis(node.integer("axis") ?? -1, rank: value.rank)
    if let batch = value.batchAxis, batch > number { value = try whole(value) }
    let axis = try axis(number, of: &value)
    let extents = Array(draft[value.node].shape.dimensions[axis...])
    guard let scale = try parameter(node, 1, of: name, "weight"), scale.shape == extents else {
      throw Failure(reason: "lacks a scale of \(extents)")
    }
    let bias = try parameter(node, 2, of: name, "bias")
    guard bias.map({ $0.shape == extents }) ?? true else {
      throw Failure(reason: "lacks a shift of \(extents)")
    }
    let norm = LayerNormalization(
      axis: axis, scale: scale.name, bias: bias?.name, epsilon: node.float("epsilon") ?? 1e-5)
    return try emit(name, .layerNormalization(norm), [value], batchAxis: value.batchAxis)
  }

  mutating func groupNormalization(_ node: ONNXNode, _ name: String) throws -> Value {
    guard let groups = node.integer("num_groups"), groups > 0 else {
      throw Failure(reason: "does not say how many groups it has")
    }
    return try normalizeGroups(node, name, groups: groups)
  }

  mutating func instanceNormalization(_ node: ONNXNode, _ name: String) throws -> Value {
    try normalizeGroups(node, name, groups: nil)
  }

  private mutating func normalizeGroups(
    _ node: ONNXNode, _ name: String, groups: Int?
  ) throws -> Value {
    let value = try dropping(0, of: try activation(node))
    guard value.rank >= 2 else { throw Failure(reason: "has no channels") }
    let channels = value.extents[1]
    let groups = groups ?? channels
    var names: [String] = []
    for (place, role) in [(1, "weight"), (2, "bias")] {
      guard let constant = try constant(node, place), let origin = node.input(place) else {
        throw Failure(reason: "lacks its \(role)")
      }
      if constant.shape == [channels] {
        names.append(parameter(constant, origin, of: name, role).name)
      } else if constant.shape == [groups], channels.isMultiple(of: groups) {
        // Opset 18 has one a group.
        let values = try constant.read(from: source.file).floats
        let each = values.flatMap { [Float](repeating: $0, count: channels / groups) }
        names.append(
          parameter(.known(ONNXTensor(each, shape: [channels])), origin, of: name, role).name)
      } else {
        throw Failure(reason: "has a \(role) of \(constant.shape) for \(channels) channels")
      }
    }
    let norm = GroupNormalization(
      groups: groups, scale: names[0], bias: names[1], epsilon: node.float("epsilon") ?? 1e-5)
    return try emit(name, .groupNormalization(norm), [value], batchAxis: 0)
  }

  // MARK: Pooling

  mutating func pool(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try featureMap(node)
    guard let kernel = node.integers("kernel_shape"), kernel.count == 2 else {
      throw Failure(reason: "has no kernel of two axes")
    }
    guard node.outputs.dropFirst().allSatisfy(\.isEmpty) else {
      throw Failure(reason: "yields indices")
    }
    let window = try Window(node, kernel: kernel, input: value.extents)
    let pooling = Pooling(
      kernel: window.kernel, strides: window.strides, pads: window.pads,
      dilations: window.dilations, countsPads: node.integer("count_include_pad") == 1,
      roundsUp: node.integer("ceil_mode") == 1)
    return try emit(
      name, node.kind == "MaxPool" ? .maxPool(pooling) : .averagePool(pooling), [value],
      batchAxis: 0)
  }

  mutating func globalPool(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try featureMap(node)
    let whole = Extent(value.extents[2], value.extents[3])
    return try emit(
      name,
      node.kind == "GlobalAveragePool"
        ? .globalAveragePool : .maxPool(Pooling(kernel: whole, strides: .one)), [value], batchAxis: 0)
  }
}

/// The sliding window of a convolution or pooling.
private struct Window {
  var kernel: Extent
  var strides: Extent
  var pads: Pads
  var dilations: Extent

  init(_ node: ONNXNode, kernel: [Int], input: [Int]) throws {
    func pair(_ name: String) throws -> [Int] {
      let values = node.integers(name) ?? [1, 1]
      guard values.count == 2, values.allSatisfy({ (1...1 << 20).contains($0) }) else {
        throw ConstantFolding.Failure(reason: "has \(name) \(values)")
      }
      return values
    }
    let (strides, dilations) = (try pair("strides"), try pair("dilations"))
    guard kernel.count == 2, kernel.allSatisfy({ (1...1 << 20).contains($0) }) else {
      throw ConstantFolding.Failure(reason: "has a kernel \(kernel)")
    }
    var pads = node.integers("pads") ?? [0, 0, 0, 0]
    let mode = node.string("auto_pad") ?? "NOTSET"
    if mode.hasPrefix("SAME") {
      // As many outputs as strides fit, the odd row of zeros at the end or the beginning.
      for axis in 0..<2 {
        let extent = input[2 + axis]
        let places = (extent + strides[axis] - 1) / strides[axis]
        let span = (kernel[axis] - 1) * dilations[axis] + 1
        let total = max(0, (places - 1) * strides[axis] + span - extent)
        pads[axis] = mode == "SAME_LOWER" ? total - total / 2 : total / 2
        pads[2 + axis] = total - pads[axis]
      }
    } else if mode == "VALID" {
      pads = [0, 0, 0, 0]
    }
    guard pads.count == 4 else { throw ConstantFolding.Failure(reason: "has pads \(pads)") }
    self.kernel = Extent(kernel[0], kernel[1])
    self.strides = Extent(strides[0], strides[1])
    self.dilations = Extent(dilations[0], dilations[1])
    self.pads = Pads(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
  }
}
