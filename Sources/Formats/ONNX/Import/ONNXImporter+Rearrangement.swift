internal import ModelGraph

extension ONNXImporter {
  /// `Reshape`, `Flatten`, `Squeeze` and `Unsqueeze`.
  mutating func reshape(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try activation(node)
    let extents: [Int]
    switch node.kind {
    case "Flatten":
      extents = try Rules.flattened(value.extents, axis: try node.integer("axis") ?? 1)
    case "Squeeze":
      let axes = try node.integers("axes") ?? integers(node, 1)
      // Not the batch's, whose extent is one here only.
      let all = value.extents.indices.filter {
        value.extents[$0] == 1 && ($0 != value.batchAxis || source.inputs[0].shape?[0] == 1)
      }
      extents = try Rules.squeezed(value.extents, axes: axes ?? all)
    case "Unsqueeze":
      guard let axes = try node.integers("axes") ?? integers(node, 1) else {
        throw Failure(reason: "names no axes")
      }
      extents = try Rules.unsqueezed(value.extents, axes: axes)
    default:
      guard let wanted = try integers(node, 1) else { throw Failure(reason: "names no shape") }
      extents = try Rules.reshaped(
        value.extents,
        to: Rules.ofOneImage(
          wanted, for: value.extents, batchAxis: value.batchAxis, batch: source.batch),
        keepsZeros: try node.integer("allowzero") == 1)
    }
    return try reshaped(
      value, to: extents, batchAxis: Self.batchAxis(of: value, in: extents), name)
  }

  mutating func transpose(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try activation(node)
    return try transposed(
      value, try node.integers("perm") ?? Array((0..<value.rank).reversed()), name)
  }

  mutating func transposed(
    _ value: Value, _ permutation: [Int], _ name: String
  ) throws -> Value {
    guard permutation.sorted() == Array(0..<value.rank) else {
      throw Failure(reason: "transposes \(value.extents) by \(permutation)")
    }
    let batch = value.batchAxis
    let own = permutation.filter { $0 != batch }.map { $0 > batch ?? .max ? $0 - 1 : $0 }
    let left = batch.flatMap { permutation.firstIndex(of: $0) }
    if own == Array(own.indices) {
      return Value(
        node: value.node, extents: permutation.map { value.extents[$0] }, batchAxis: left)
    }
    return try emit(name, .transpose(permutation: own), [value], batchAxis: left)
  }

  mutating func concat(_ node: ONNXNode, _ name: String) throws -> Value {
    let values = node.inputs.map { bindings[$0] }
    let activations: [Value] = values.compactMap {
      if case .activation(let value) = $0 { value } else { nil }
    }
    guard let first = activations.first else { throw Failure(reason: "lacks its inputs") }
    let number = try Rules.axis(try node.integer("axis") ?? 0, rank: first.rank)
    let batch =
      activations.allSatisfy { $0.batchAxis == first.batchAxis } && first.batchAxis != number
      ? first.batchAxis : nil
    var inputs: [String] = []
    for (input, value) in zip(node.inputs, values) {
      switch value {
      case .activation(let value):
        inputs.append(batch == nil ? try whole(value).node : value.node)
      case .constant(let constant):
        guard constant.shape.count == first.rank else {
          throw Failure(reason: "joins other ranks")
        }
        let constant = try batch.map { try ofOneImage(constant, axis: $0) } ?? constant
        var shape = constant.shape
        if let batch {
          guard shape[batch] == 1 else { throw Failure(reason: "joins batches") }
          shape.remove(at: batch)
        }
        inputs.append(try constantNode(constant, input, of: name, shape: shape))
      case nil: throw Failure(reason: "lacks the input \(input.quoted)")
      }
    }
    let axis = batch.map { number > $0 ? number - 1 : number } ?? number
    return try emit(name, .concat(axis: axis), inputs, batchAxis: batch)
  }

  mutating func split(_ node: ONNXNode, _ name: String) throws -> [Value] {
    var value = try activation(node)
    let number = try Rules.axis(try node.integer("axis") ?? 0, rank: value.rank)
    let sizes = try Rules.split(
      value.extents[number], into: node.outputs.count,
      sizes: try node.integers("split") ?? integers(node, 1))
    guard !sizes.contains(0) else { throw Failure(reason: "has an empty part") }
    let axis = try axis(number, of: &value)
    let shape = draft[value.node].shape.dimensions
    var start = 0
    var results: [Value] = []
    for (place, size) in sizes.enumerated() {
      var (starts, counts) = (shape.map { _ in 0 }, shape)
      (starts[axis], counts[axis]) = (start, size)
      start += size
      results.append(
        try emit(
          "\(name).\(place)", .slice(Slice(starts: starts, counts: counts)), [value],
          batchAxis: value.batchAxis))
    }
    return results
  }

  mutating func slice(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    guard let starts = try node.integers("starts") ?? integers(node, 1),
      let ends = try node.integers("ends") ?? integers(node, 2)
    else { throw Failure(reason: "does not say what it takes") }
    var parts = try Rules.slice(
      value.extents, starts: starts, ends: ends,
      axes: try node.integers("axes") ?? integers(node, 3), steps: try integers(node, 4))
    if let batch = value.batchAxis {
      if parts[batch].count == 1 { parts.remove(at: batch) } else { value = try whole(value) }
    }
    let isWhole = zip(parts, draft[value.node].shape.dimensions).allSatisfy { part, extent in
      part.count == extent && (part.step == 1 || extent == 1)
    }
    if isWhole { return value }
    let slice = Slice(
      starts: parts.map(\.start), counts: parts.map(\.count), steps: parts.map(\.step))
    return try emit(name, .slice(slice), [value], batchAxis: value.batchAxis)
  }

  mutating func gather(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    guard let tensor = try tensor(node, 1), let indices = tensor.integers else {
      throw Failure(reason: "has no constant indices")
    }
    let number = try Rules.axis(try node.integer("axis") ?? 0, rank: value.rank)
    let extent = value.extents[number]
    if indices == Array(0..<extent) {
      // All in their order, as a view is sometimes exported.
      let extents = value.extents[..<number] + tensor.shape + value.extents[(number + 1)...]
      return try reshaped(
        value, to: Array(extents), batchAxis: Self.batchAxis(of: value, in: Array(extents)), name)
    }
    let axis = try axis(number, of: &value)
    let gather = Gather(
      axis: axis, indices: indices.map { $0 < 0 ? $0 + extent : $0 }, indicesShape: tensor.shape)
    let left = value.batchAxis.map { $0 < number ? $0 : $0 - 1 + tensor.shape.count }
    return try emit(name, .gather(gather), [value], batchAxis: left)
  }

  mutating func expand(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    guard let target = try integers(node, 1) else { throw Failure(reason: "names no shape") }
    var extents = try Rules.broadcast(value.extents, target)
    if extents == value.extents { return value }
    var batch = value.batchAxis.map { $0 + extents.count - value.rank }
    if let place = batch, extents[place] != 1 {
      value = try whole(value)
      batch = nil
    }
    if let batch { extents.remove(at: batch) }
    return try emit(name, .expand(Shape(extents)), [value], batchAxis: batch)
  }

  /// The value joined to itself along each axis.
  mutating func tile(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    guard let repeats = try integers(node, 1), repeats.count == value.rank,
      repeats.allSatisfy({ (1...1 << 10).contains($0) })
    else { throw Failure(reason: "does not say how often it repeats each axis") }
    for (number, count) in repeats.enumerated() where count > 1 {
      let axis = try axis(number, of: &value)
      value = try emit(
        name, .concat(axis: axis), [Value](repeating: value, count: count),
        batchAxis: value.batchAxis)
    }
    return value
  }
}
