internal import ModelGraph

extension ONNXImporter {
  /// alpha A B + beta C.
  mutating func gemm(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    guard value.rank == 2 else { throw Failure(reason: "multiplies \(value.extents)") }
    if try node.integer("transA") == 1 {
      value = try transposed(value, [1, 0], "\(name).transpose")
    }
    let alpha = try node.float("alpha") ?? 1
    let beta = try node.float("beta") ?? 1
    let isTransposed = try node.integer("transB") == 1
    var result: Value
    if let origin = node.input(1), case .constant(var weight) = bindings[origin],
      weight.shape.count == 2
    {
      if !isTransposed { weight = weight.transposed([1, 0]) }
      if alpha != 1 { weight = .scaled(weight, by: alpha) }
      result = try linear(value, weight, origin, "\(origin) \(isTransposed) \(alpha)", name)
    } else {
      var other = try activation(node, 1)
      guard other.rank == 2 else { throw Failure(reason: "multiplies with \(other.extents)") }
      if isTransposed { other = try transposed(other, [1, 0], "\(name).transpose") }
      result = try product(value, other, name)
      if alpha != 1 { result = try arithmetic(.multiply, "\(name).alpha", result, number: alpha) }
    }
    guard beta != 0, let addend = node.input(2) else { return result }
    guard case .constant(var bias) = bindings[addend] else {
      var other = try activation(node, 2)
      if beta != 1 { other = try arithmetic(.multiply, "\(name).beta", other, number: beta) }
      return try arithmetic(.add, "\(name).bias", result, other)
    }
    if beta != 1 { bias = .scaled(bias, by: beta) }
    return try arithmetic(
      .add, "\(name).bias", result, bias, beta == 1 ? addend : "\(addend) times \(beta)",
      isSwapped: false)
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
    let parameter = parameter(weight, identity, called: origin, of: name, "weight").name
    return try emit(
      name, .linear(Linear(outputFeatures: weight.shape[0], weight: parameter)), [value],
      batchAxis: value.batchAxis)
  }

  mutating func matMul(_ node: ONNXNode, _ name: String) throws -> Value {
    if let origin = node.input(1), case .constant(let weight) = bindings[origin],
      weight.shape.count == 2, case let value = try activation(node), value.rank >= 2
    {
      return try linear(value, weight.transposed([1, 0]), origin, "\(origin) false 1.0", name)
    }
    let (first, second) = (try activation(node, 0), try activation(node, 1))
    guard first.rank == 1 || second.rank == 1 else { return try product(first, second, name) }
    // A vector is a matrix of one row on the left, of one column on the right.
    let rows =
      first.rank == 1
      ? try reshaped(
        try whole(first), to: [1] + first.extents, batchAxis: nil, "\(name).row") : first
    let columns =
      second.rank == 1
      ? try reshaped(
        try whole(second), to: second.extents + [1], batchAxis: nil, "\(name).column") : second
    let result = try whole(try product(rows, columns, "\(name).product"))
    var extents = result.extents
    if second.rank == 1 { extents.removeLast() }
    if first.rank == 1 { extents.remove(at: extents.count - (second.rank == 1 ? 1 : 2)) }
    return try reshaped(result, to: extents, batchAxis: nil, name)
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
    guard let heads = try node.integer("num_heads"), heads > 0 else {
      throw Failure(reason: "does not say how many heads it has")
    }
    let features = Float(inputs[0].extents[2] / heads)
    let scale = try node.float("scale").flatMap { $0 == 0 ? nil : $0 } ?? 1 / features.squareRoot()
    return try emit(
      name, .attention(Attention(heads: heads, scale: scale)), inputs, batchAxis: 0)
  }
}
