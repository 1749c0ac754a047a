internal import ModelGraph

extension ONNXImporter {
  mutating func softmax(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    let number = try Rules.axis(
      try node.integer("axis") ?? (source.opset < 13 ? 1 : -1), rank: value.rank)
    try checkWithinImages([number], of: value)
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

  /// `ReduceMean`, and what can be said with it: `ReduceSum`, `ReduceSumSquare`, `ReduceL2`.
  mutating func reduce(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    let wanted = try node.integers("axes") ?? integers(node, 1) ?? []
    if wanted.isEmpty, try node.integer("noop_with_empty_axes") == 1 {
      guard ["ReduceMean", "ReduceSum"].contains(node.kind) else {
        throw Failure(reason: "reduces nothing")
      }
      return value
    }
    let axes = try Rules.axes(
      wanted.isEmpty ? Array(0..<value.rank) : wanted, rank: value.rank)
    let count = Float(axes.reduce(1) { $0 * value.extents[$1] })
    let keeps = try node.integer("keepdims") ?? 1 == 1
    if node.kind == "ReduceMean" { return try mean(value, axes, keeps: keeps, name) }
    if node.kind != "ReduceSum" {
      value = try arithmetic(.multiply, "\(name).square", value, value)
    }
    let mean = try mean(value, axes, keeps: keeps, "\(name).mean")
    guard node.kind == "ReduceL2" else {
      return try arithmetic(.multiply, name, mean, number: count)
    }
    let sum = try arithmetic(.multiply, "\(name).sum", mean, number: count)
    return try emit(name, .activation(.sqrt), [sum], batchAxis: sum.batchAxis)
  }

  /// `ReduceMax` and `ReduceMin`: the greatest value, and the least as the greatest with other signs.
  mutating func extreme(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    let wanted = try node.integers("axes") ?? integers(node, 1) ?? []
    if wanted.isEmpty, try node.integer("noop_with_empty_axes") == 1 { return value }
    let axes = try Rules.axes(
      wanted.isEmpty ? Array(0..<value.rank) : wanted, rank: value.rank
    ).sorted()
    let keeps = try node.integer("keepdims") ?? 1 == 1
    guard node.kind == "ReduceMin" else { return try greatest(value, axes, keeps: keeps, name) }
    value = try arithmetic(.subtract, "\(name).negative", value, number: 0, isSwapped: true)
    let result = try greatest(value, axes, keeps: keeps, "\(name).greatest")
    return try arithmetic(.subtract, name, result, number: 0, isSwapped: true)
  }

  /// The greatest values along some axes, as a pool over all of them.
  private mutating func greatest(
    _ value: Value, _ axes: [Int], keeps: Bool, _ name: String
  ) throws -> Value {
    try checkWithinImages(axes, of: value)
    let batch = value.batchAxis
    let kept = value.extents.indices.filter { !axes.contains($0) }
    let extents =
      keeps
      ? value.extents.indices.map { axes.contains($0) ? 1 : value.extents[$0] }
      : kept.map { value.extents[$0] }
    let left = batch.flatMap { batch in
      keeps ? batch : axes.contains(batch) ? nil : batch - axes.count { $0 < batch }
    }
    let shape = draft[value.node].shape
    let own = axes.filter { $0 != batch }.map { $0 > batch ?? .max ? $0 - 1 : $0 }
    var map = Value(node: value.node, extents: shape.dimensions, batchAxis: nil)
    if !shape.isFeatureMap || own != [1, 2] {
      // What stays as channels, what goes as one row of pixels.
      let rest = shape.dimensions.indices.filter { !own.contains($0) }
      map = try transposed(map, rest + own, "\(name).last")
      let width = own.reduce(1) { $0 * shape.dimensions[$1] }
      map = try reshaped(
        map, to: [shape.count / width, 1, width], batchAxis: nil, "\(name).row")
    }
    let whole = Extent(map.extents[1], map.extents[2])
    let pooled = try emit(
      "\(name).pool", .maxPool(Pooling(kernel: whole, strides: .one)), [map], batchAxis: nil)
    return try reshaped(pooled, to: extents, batchAxis: left, name)
  }

  mutating func mean(
    _ value: Value, _ axes: [Int], keeps: Bool, _ name: String
  ) throws -> Value {
    try checkWithinImages(axes, of: value)
    let batch = value.batchAxis
    let own = axes.filter { $0 != batch }.map { $0 > batch ?? .max ? $0 - 1 : $0 }.sorted()
    let left = batch.flatMap { batch in
      keeps ? batch : axes.contains(batch) ? nil : batch - axes.count { $0 < batch }
    }
    guard !own.isEmpty else {
      let kept = value.extents.indices.filter { !axes.contains($0) }
      return try reshaped(
        value, to: keeps ? value.extents : kept.map { value.extents[$0] }, batchAxis: left, name)
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
    var value = try activation(node)
    let number = try Rules.axis(try node.integer("axis") ?? 0, rank: value.rank)
    try checkWithinImages([number], of: value)
    let keeps = try node.integer("keepdims") ?? 1 == 1
    let axis = try axis(number, of: &value)
    let left = value.batchAxis.map { keeps || $0 < number ? $0 : $0 - 1 }
    let op = Operator.argMax(axis: axis, keepsAxis: keeps)
    guard try node.integer("select_last_index") == 1 else {
      return try emit(name, op, [value], batchAxis: left)
    }
    // The first of equal values from behind.
    let shape = draft[value.node].shape.dimensions
    let last = shape[axis] - 1
    let backwards = Slice(
      starts: shape.indices.map { $0 == axis ? last : 0 }, counts: shape,
      steps: shape.indices.map { $0 == axis ? -1 : 1 })
    value = try emit("\(name).reversed", .slice(backwards), [value], batchAxis: value.batchAxis)
    value = try emit("\(name).last", op, [value], batchAxis: left)
    return try arithmetic(.subtract, name, value, number: Float(last), isSwapped: true)
  }
}
