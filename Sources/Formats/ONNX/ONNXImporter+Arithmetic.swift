internal import ModelGraph

extension ONNXImporter {
  mutating func arithmetic(
    _ node: ONNXNode, _ name: String, _ kind: Arithmetic
  ) throws -> Value {
    guard let first = node.input(0), let second = node.input(1) else {
      throw Failure(reason: "lacks an input")
    }
    switch (bindings[first], bindings[second]) {
    case (.activation(let left), .activation(let right)):
      return try arithmetic(kind, name, left, right)
    case (.activation(let value), .constant(let constant)):
      return try arithmetic(kind, name, value, constant, second, isSwapped: false)
    case (.constant(let constant), .activation(let value)):
      return try arithmetic(kind, name, value, constant, first, isSwapped: true)
    default: throw Failure(reason: "cannot be folded")
    }
  }

  private mutating func arithmetic(
    _ kind: Arithmetic, _ name: String, _ first: Value, _ second: Value
  ) throws -> Value {
    let rank = max(first.rank, second.rank)
    // Axes are aligned at the last one.
    let places = [first, second].map { value in value.batchAxis.map { value.rank - $0 } }
    if places[0] == places[1] {
      return try emit(
        name, .arithmetic(kind), [first, second], batchAxis: places[0].map { rank - $0 })
    }
    let (first, second) = (try whole(first), try whole(second))
    return try emit(name, .arithmetic(kind), [first, second], batchAxis: nil)
  }

  /// Arithmetic with a constant, which comes first if they are swapped.
  mutating func arithmetic(
    _ kind: Arithmetic, _ name: String, _ value: Value, _ constant: ONNXConstant,
    _ origin: String, isSwapped: Bool
  ) throws -> Value {
    let (value, shape) = try aligned(value, constant)
    let other = try constantNode(constant, origin, of: name, shape: shape)
    let rank = max(value.rank, constant.shape.count)
    return try emit(
      name, .arithmetic(kind), isSwapped ? [other, value.node] : [value.node, other],
      batchAxis: value.batchAxis.map { $0 + rank - value.rank })
  }

  /// A value and a constant's shape beside it, the batch's axis left out of both.
  private mutating func aligned(
    _ value: Value, _ constant: ONNXConstant
  ) throws -> (Value, [Int]) {
    if constant.count == 1, constant.shape.count <= value.rank { return (value, []) }
    guard let batch = value.batchAxis else { return (value, constant.shape) }
    // The batch's place in the constant, counted from the last axis.
    let place = constant.shape.count - (value.rank - batch)
    guard place >= 0 else { return (value, constant.shape) }
    guard constant.shape[place] == 1 else { return (try whole(value), constant.shape) }
    var shape = constant.shape
    shape.remove(at: place)
    return (value, shape)
  }

  mutating func sum(_ node: ONNXNode, _ name: String) throws -> Value {
    var inputs = node.inputs[...]
    guard let first = inputs.popFirst(), case .activation(var total) = bindings[first] else {
      throw Failure(reason: "begins with a constant")
    }
    for (place, input) in inputs.enumerated() {
      let own = place == inputs.count - 1 ? name : "\(name).\(place + 1)"
      switch bindings[input] {
      case .activation(let value): total = try arithmetic(.add, own, total, value)
      case .constant(let constant):
        total = try arithmetic(.add, own, total, constant, input, isSwapped: false)
      case nil: throw Failure(reason: "lacks an input")
      }
    }
    return total
  }

  /// `Max` and `Min` with a number.
  mutating func bound(_ node: ONNXNode, _ name: String) throws -> Value {
    guard node.inputs.count == 2 else { throw Failure(reason: "compares more than two values") }
    let isFirst = if case .activation = bindings[node.inputs[0]] { true } else { false }
    let value = try activation(node, isFirst ? 0 : 1)
    guard let other = try constant(node, isFirst ? 1 : 0), other.count == 1,
      let bound = try other.read(from: source.file).floats.first
    else { throw Failure(reason: "compares with more than a number") }
    let clip: ModelGraph.Activation =
      node.kind == "Max" ? .clip(low: bound, high: .infinity) : .clip(low: -.infinity, high: bound)
    return try emit(name, .activation(clip), [value], batchAxis: value.batchAxis)
  }

  /// `Neg` and `Reciprocal`: 0 - x and 1 / x.
  mutating func inverse(_ node: ONNXNode, _ name: String) throws -> Value {
    let isNegation = node.kind == "Neg"
    let number = ONNXConstant.known(ONNXTensor([Float(isNegation ? 0 : 1)], shape: []))
    return try arithmetic(
      isNegation ? .subtract : .divide, name, try activation(node), number,
      isNegation ? "zero" : "one", isSwapped: true)
  }

  mutating func parametricRelu(_ node: ONNXNode, _ name: String) throws -> Value {
    guard let slope = try constant(node, 1), let origin = node.input(1) else {
      throw Failure(reason: "has no slope")
    }
    let (value, shape) = try aligned(try activation(node), slope)
    let reshaped: ONNXConstant = shape == slope.shape ? slope : .reshaped(slope, shape: shape)
    let parameter = parameter(reshaped, origin, of: name, "weight").name
    return try emit(
      name, .parametricRelu(slope: Constant(parameter, shape: Shape(shape))), [value],
      batchAxis: value.batchAxis)
  }

  mutating func cast(_ node: ONNXNode) throws -> Value {
    guard [1, 10, 11, 16].contains(node.integer("to") ?? 0) else {
      throw Failure(reason: "casts to integers")
    }
    return try activation(node)
  }

  mutating func softmax(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    let number = try Rules.axis(
      node.integer("axis") ?? (source.opset < 13 ? 1 : -1), rank: value.rank)
    // Before opset 13 it runs over all axes from its own on.
    if source.opset < 13, value.extents[(number + 1)...].contains(where: { $0 != 1 }) {
      let extents = value.extents
      let flat = try reshaped(
        try whole(value), to: try Rules.flattened(extents, axis: number), batchAxis: nil,
        "\(name).flat")
      let result = try emit("\(name).rows", .softmax(axis: 1), [flat], batchAxis: nil)
      return try reshaped(result, to: extents, batchAxis: value.batchAxis, name)
    }
    let axis = try axis(number, of: &value)
    return try emit(name, .softmax(axis: axis), [value], batchAxis: value.batchAxis)
  }

  mutating func reduceMean(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try activation(node)
    let wanted = try node.integers("axes") ?? integers(node, 1)
    if wanted?.isEmpty ?? true, node.integer("noop_with_empty_axes") == 1 { return value }
    let keeps = node.integer("keepdims") ?? 1 == 1
    let axes = try Rules.axes(
      wanted.flatMap { $0.isEmpty ? nil : $0 } ?? Array(0..<value.rank), rank: value.rank)
    let batch = value.batchAxis
    let own = axes.filter { $0 != batch }.map { $0 > batch ?? .max ? $0 - 1 : $0 }.sorted()
    let left = batch.flatMap { batch in
      keeps ? batch : axes.contains(batch) ? nil : batch - axes.count { $0 < batch }
    }
    guard !own.isEmpty else {
      let extents = keeps ? value.extents : value.extents.indices.filter { !axes.contains($0) }.map { value.extents[$0] }
      return try reshaped(value, to: extents, batchAxis: left, name)
    }
    // The mean over a map's pixels, as most exporters write it.
    if own == [1, 2], draft[value.node].shape.isFeatureMap {
      guard !keeps else {
        return try emit(name, .globalAveragePool, [value], batchAxis: left)
      }
      let mean = try emit("\(name).pool", .globalAveragePool, [value], batchAxis: nil)
      return try emit(name, .flatten, [mean], batchAxis: left)
    }
    return try emit(name, .reduceMean(axes: own, keepsAxes: keeps), [value], batchAxis: left)
  }

  mutating func argMax(_ node: ONNXNode, _ name: String) throws -> Value {
    guard node.integer("select_last_index") ?? 0 == 0 else {
      throw Failure(reason: "selects the last of equal values")
    }
    var value = try activation(node)
    let number = try Rules.axis(node.integer("axis") ?? 0, rank: value.rank)
    let keeps = node.integer("keepdims") ?? 1 == 1
    let axis = try axis(number, of: &value)
    let left = value.batchAxis.map { keeps || $0 < number ? $0 : $0 - 1 }
    return try emit(name, .argMax(axis: axis, keepsAxis: keeps), [value], batchAxis: left)
  }
}
