internal import ModelGraph

extension ONNXImporter {
  /// `Reshape`, `Flatten`, `Squeeze` and `Unsqueeze`.
  mutating func reshape(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try activation(node)
    let extents: [Int]
    switch node.kind {
    case "Flatten":
      extents = try Rules.flattened(value.extents, axis: node.integer("axis") ?? 1)
    case "Squeeze":
      extents = try Rules.squeezed(
        value.extents, axes: try node.integers("axes") ?? integers(node, 1))
    case "Unsqueeze":
      guard let axes = try node.integers("axes") ?? integers(node, 1) else {
        throw Failure(reason: "names no axes")
      }
      extents = try Rules.unsqueezed(value.extents, axes: axes)
    default:
      guard let wanted = try integers(node, 1) else { throw Failure(reason: "names no shape") }
      extents = try Rules.reshaped(
        value.extents, to: wanted, keepsZeros: node.integer("allowzero") == 1)
    }
    return try reshaped(
      value, to: extents, batchAxis: Self.batchAxis(of: value, in: extents), name)
  }

  mutating func transpose(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try activation(node)
    let permutation = node.integers("perm") ?? Array((0..<value.rank).reversed())
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
    let number = try Rules.axis(node.integer("axis") ?? 0, rank: first.rank)
    let batch =
      activations.allSatisfy { $0.batchAxis == first.batchAxis } && first.batchAxis != number
      ? first.batchAxis : nil
    var inputs: [String] = []
    for (input, value) in zip(node.inputs, values) {
      switch value {
      case .activation(let value):
        inputs.append(batch == nil ? try whole(value).node : value.node)
      case .constant(let constant):
        var shape = constant.shape
        guard shape.count == first.rank else { throw Failure(reason: "joins other ranks") }
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
    let number = try Rules.axis(node.integer("axis") ?? 0, rank: value.rank)
    let extent = value.extents[number]
    let parts = max(node.outputs.count, 1)
    // Equal parts, the last one smaller.
    let each = (extent + parts - 1) / parts
    let usual = (0..<parts).map { min(each, extent - $0 * each) }
    let sizes = try node.integers("split") ?? integers(node, 1) ?? usual
    guard sizes.count == parts, sizes.allSatisfy({ (1...extent).contains($0) }),
      sizes.reduce(0, +) == extent
    else { throw Failure(reason: "splits \(extent) into \(sizes)") }
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
    let number = try Rules.axis(node.integer("axis") ?? 0, rank: value.rank)
    let extent = value.extents[number]
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

  mutating func pad(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    guard let given = try node.integers("pads") ?? integers(node, 1) else {
      throw Failure(reason: "names no pads")
    }
    let axes = try Rules.axes(
      try integers(node, 3) ?? Array(0..<value.rank), rank: value.rank)
    guard given.count == 2 * axes.count else { throw Failure(reason: "has pads \(given)") }
    var (before, after) = (value.extents.map { _ in 0 }, value.extents.map { _ in 0 })
    for (place, axis) in axes.enumerated() {
      (before[axis], after[axis]) = (given[place], given[place + axes.count])
    }
    if let batch = value.batchAxis {
      if before[batch] == 0, after[batch] == 0 {
        before.remove(at: batch)
        after.remove(at: batch)
      } else {
        value = try whole(value)
      }
    }
    let number = try node.float("value") ?? tensor(node, 2)?.floats.first ?? 0
    let modes: [String: Padding.Mode] = [
      "constant": .constant(number), "reflect": .reflect, "edge": .edge,
    ]
    let mode = node.string("mode") ?? "constant"
    guard let mode = modes[mode] else { throw Failure(reason: "pads by \(mode.quoted)") }
    if before.allSatisfy({ $0 == 0 }), after.allSatisfy({ $0 == 0 }) { return value }
    return try emit(
      name, .pad(Padding(before: before, after: after, mode: mode)), [value],
      batchAxis: value.batchAxis)
  }

  mutating func resize(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try featureMap(node)
    // Opset 10 and Upsample: X, scales. Later: X, roi, scales, sizes.
    let isOld = source.opset < 11 || node.kind == "Upsample"
    let axes = try Rules.axes(node.integers("axes") ?? [0, 1, 2, 3], rank: 4)
    guard node.integer("antialias") ?? 0 == 0, node.string("keep_aspect_ratio_policy") ?? "stretch" == "stretch"
    else { throw Failure(reason: "smooths or keeps the aspect ratio") }
    var scales: [Float] = [1, 1, 1, 1]
    var sizes = value.extents
    let given = try isOld ? node.attributes["scales"].flatMap(Self.floats) ?? tensor(node, 1)?.floats : tensor(node, 2)?.floats
    if let given, !given.isEmpty {
      guard given.count == axes.count, given.allSatisfy({ $0 > 0 && $0 < 65536 }) else {
        throw Failure(reason: "has scales \(given)")
      }
      for (place, axis) in axes.enumerated() {
        scales[axis] = given[place]
        sizes[axis] = Int(Float(value.extents[axis]) * given[place])
      }
    } else {
      guard let given = try isOld ? nil : integers(node, 3), given.count == axes.count,
        given.allSatisfy({ (1...1 << 20).contains($0) })
      else { throw Failure(reason: "names neither scales nor sizes") }
      for (place, axis) in axes.enumerated() {
        sizes[axis] = given[place]
        scales[axis] = Float(given[place]) / Float(value.extents[axis])
      }
    }
    guard sizes[0] == 1, sizes[1] == value.extents[1] else {
      throw Failure(reason: "resizes the batch or the channels")
    }
    let rounding = node.string("nearest_mode") ?? (isOld ? "floor" : "round_prefer_floor")
    let coordinates =
      node.string("coordinate_transformation_mode") ?? (isOld ? "asymmetric" : "half_pixel")
    guard let rounding = Resize.Rounding(rawValue: rounding),
      let coordinates = Resize.Coordinates(rawValue: coordinates)
    else { throw Failure(reason: "finds pixels by \(coordinates.quoted)") }
    let mode = node.string("mode") ?? "nearest"
    guard let mode = ["nearest": Resize.Mode.nearest(rounding), "linear": .linear][mode] else {
      throw Failure(reason: "interpolates by \(mode.quoted)")
    }
    let resize = Resize(
      mode: mode, coordinates: coordinates, size: Extent(sizes[2], sizes[3]),
      scales: given == nil || given?.isEmpty == true
        ? nil : Resize.Scales(height: scales[2], width: scales[3]))
    return try emit(name, .resize(resize), [value], batchAxis: 0)
  }

  private static func floats(_ attribute: ONNXNode.Attribute) -> [Float]? {
    if case .floats(let values) = attribute { values } else { nil }
  }
}
