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

  mutating func arithmetic(
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
    let (value, constant, shape) = try aligned(value, constant)
    let other = try constantNode(constant, origin, of: name, shape: shape)
    let rank = max(value.rank, constant.shape.count)
    return try emit(
      name, .arithmetic(kind), isSwapped ? [other, value.node] : [value.node, other],
      batchAxis: value.batchAxis.map { $0 + rank - value.rank })
  }

  /// A value and a constant's shape beside it, the batch's axis left out of both.
  private mutating func aligned(
    _ value: Value, _ constant: ONNXConstant
  ) throws -> (Value, ONNXConstant, shape: [Int]) {
    if constant.count == 1, constant.shape.count <= value.rank { return (value, constant, []) }
    guard let batch = value.batchAxis else { return (value, constant, constant.shape) }
    // The batch's place in the constant, counted from the last axis.
    let place = constant.shape.count - (value.rank - batch)
    guard place >= 0 else { return (value, constant, constant.shape) }
    let constant = try ofOneImage(constant, axis: place)
    guard constant.shape[place] == 1 else { return (try whole(value), constant, constant.shape) }
    var shape = constant.shape
    shape.remove(at: place)
    return (value, constant, shape)
  }

  /// Arithmetic with a number, which comes first if they are swapped.
  mutating func arithmetic(
    _ kind: Arithmetic, _ name: String, _ value: Value, number: Float, isSwapped: Bool = false
  ) throws -> Value {
    let constant = ONNXConstant.known(ONNXTensor([number], shape: []))
    return try arithmetic(kind, name, value, constant, "number \(number)", isSwapped: isSwapped)
  }

  /// `Sum`, `Max` and `Min` of any number of inputs.
  mutating func combine(_ node: ONNXNode, _ name: String, _ kind: Arithmetic) throws -> Value {
    // The order does not matter, and constants are the second operand.
    var (places, constants): ([Int], [Int]) = ([], [])
    for (place, input) in node.inputs.enumerated() {
      if case .activation = bindings[input] {
        places.append(place)
      } else {
        constants.append(place)
      }
    }
    places += constants
    guard let first = places.first else { throw Failure(reason: "lacks its inputs") }
    var result = try activation(node, first)
    for (count, place) in places.enumerated().dropFirst() {
      let own = count == places.count - 1 ? name : "\(name).\(count)"
      guard let constant = try? constant(node, place) else {
        result = try arithmetic(kind, own, result, try activation(node, place))
        continue
      }
      result = try combined(kind, own, result, constant, node.inputs[place])
    }
    return result
  }

  private mutating func combined(
    _ kind: Arithmetic, _ name: String, _ value: Value, _ constant: ONNXConstant, _ origin: String
  ) throws -> Value {
    guard kind != .add, constant.count == 1, constant.shape.count <= value.rank,
      let bound = try values(constant).floats.first
    else { return try arithmetic(kind, name, value, constant, origin, isSwapped: false) }
    let clip: ModelGraph.Activation =
      kind == .maximum
      ? .clip(low: bound, high: .infinity) : .clip(low: -.infinity, high: bound)
    return try emit(name, .activation(clip), [value], batchAxis: value.batchAxis)
  }

  /// `Neg` and `Reciprocal`: 0 - x and 1 / x.
  mutating func inverse(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try activation(node)
    return node.kind == "Neg"
      ? try arithmetic(.subtract, name, value, number: 0, isSwapped: true)
      : try arithmetic(.divide, name, value, number: 1, isSwapped: true)
  }

  mutating func parametricRelu(_ node: ONNXNode, _ name: String) throws -> Value {
    guard let given = try constant(node, 1), let origin = node.input(1) else {
      throw Failure(reason: "has no slope")
    }
    let (value, slope, shape) = try aligned(try activation(node), given)
    let reshaped = slope.reshaped(to: shape)
    let parameter = parameter(reshaped, origin, of: name, "weight").name
    return try emit(
      name, .parametricRelu(slope: Constant(parameter, shape: Shape(shape))), [value],
      batchAxis: value.batchAxis)
  }

  /// `Cast` between floats, and `CastLike`, whose example is a float as all activations are.
  mutating func cast(_ node: ONNXNode) throws -> Value {
    guard try node.kind == "CastLike" || [1, 10, 11, 16].contains(node.integer("to") ?? 0) else {
      throw Failure(reason: "casts to integers")
    }
    return try activation(node)
  }
}
