internal import ModelGraph

extension ONNXImporter {
  mutating func convolution(_ node: ONNXNode, _ name: String) throws -> Value {
    let (value, isLine) = try featureMap(node, name)
    guard var constant = try constant(node, 1), let origin = node.input(1),
      constant.shape.count == (isLine ? 3 : 4)
    else { throw Failure(reason: "has no constant weight of as many axes as its input") }
    let kernel = Array(constant.shape.dropFirst(2))
    if isLine { constant = .reshaped(constant, shape: constant.shape[..<2] + [1] + kernel) }
    let weight = parameter(constant, origin, of: name, "weight")
    let bias = try hasBias(node) ? parameter(node, 2, of: name, "bias") : nil
    let window = try Window(node, kernel: kernel, input: value.extents)
    let convolution = Convolution(
      outputChannels: weight.shape[0], kernel: window.kernel, strides: window.strides,
      pads: window.pads, dilations: window.dilations, groups: try node.integer("group") ?? 1,
      weight: weight.name, bias: bias?.name)
    guard (1...1 << 20).contains(convolution.groups),
      weight.shape[1] * convolution.groups == value.extents[1],
      bias.map({ $0.shape == [weight.shape[0]] }) ?? true
    else { throw Failure(reason: "has a weight \(weight.shape) for \(value.extents)") }
    let result = try emit(name, .convolution(convolution), [value], batchAxis: 0)
    return isLine ? try line(result, name) : result
  }

  /// Whether there is one, and none of zeros that an exporter made up.
  private func hasBias(_ node: ONNXNode) throws -> Bool {
    guard let constant = try constant(node, 2), constant.origin == nil, constant.count <= 1 << 20
    else { return true }
    return try !values(constant).floats.allSatisfy { $0 == 0 }
  }

  mutating func pool(_ node: ONNXNode, _ name: String) throws -> Value {
    let (value, isLine) = try featureMap(node, name)
    guard let kernel = try node.integers("kernel_shape"), kernel.count == (isLine ? 1 : 2) else {
      throw Failure(reason: "has no kernel of as many axes as its input")
    }
    guard node.outputs.dropFirst().allSatisfy(\.isEmpty) else {
      throw Failure(reason: "yields indices")
    }
    let window = try Window(node, kernel: kernel, input: value.extents)
    let pooling = Pooling(
      kernel: window.kernel, strides: window.strides, pads: window.pads,
      dilations: window.dilations, countsPads: try node.integer("count_include_pad") == 1,
      roundsUp: try node.integer("ceil_mode") == 1)
    let result = try emit(
      name, node.kind == "MaxPool" ? .maxPool(pooling) : .averagePool(pooling), [value],
      batchAxis: 0)
    return isLine ? try line(result, name) : result
  }

  mutating func globalPool(_ node: ONNXNode, _ name: String) throws -> Value {
    let (value, isLine) = try featureMap(node, name)
    let whole = Extent(value.extents[2], value.extents[3])
    let result = try emit(
      name,
      node.kind == "GlobalAveragePool"
        ? .globalAveragePool : .maxPool(Pooling(kernel: whole, strides: .one)), [value],
      batchAxis: 0)
    return isLine ? try line(result, name) : result
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
    let mode = try node.string("mode") ?? "constant"
    guard let mode = modes[mode] else { throw Failure(reason: "pads by \(mode.quoted)") }
    if before.allSatisfy({ $0 == 0 }), after.allSatisfy({ $0 == 0 }) { return value }
    return try emit(
      name, .pad(Padding(before: before, after: after, mode: mode)), [value],
      batchAxis: value.batchAxis)
  }
}
