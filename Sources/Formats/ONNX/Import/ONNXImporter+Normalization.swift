internal import ModelGraph

extension ONNXImporter {
  mutating func batchNormalization(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try activation(node)
    guard try node.integer("training_mode") ?? 0 == 0,
      node.outputs.dropFirst().allSatisfy(\.isEmpty)
    else { throw Failure(reason: "is in training mode") }
    guard value.rank >= 2 else { throw Failure(reason: "has no channels") }
    var names: [String] = []
    for (place, role) in [(1, "weight"), (2, "bias"), (3, "running_mean"), (4, "running_var")] {
      guard let parameter = try parameter(node, place, of: name, role),
        parameter.shape == [value.extents[1]]
      else { throw Failure(reason: "lacks a \(role) for \(value.extents[1]) channels") }
      names.append(parameter.name)
    }
    let norm = BatchNormalization(
      scale: names[0], bias: names[1], mean: names[2], variance: names[3],
      epsilon: try node.float("epsilon") ?? 1e-5)
    guard value.extents[0] != 1 else {
      return try emit(
        name, .batchNormalization(norm), [try dropping(0, of: value)], batchAxis: 0)
    }
    // Tokens that were merged with the batch, `[N T, C]`.
    let swap = [1, 0] + Array(2..<value.rank)
    let channels = try transposed(try whole(value), swap, "\(name).channels")
    return try transposed(
      try emit(name, .batchNormalization(norm), [channels], batchAxis: nil), swap, "\(name).rows")
  }

  /// The normalised values; if they are wanted, the mean and the inverse deviation, too.
  mutating func layerNormalization(_ node: ONNXNode, _ name: String) throws -> [Value] {
    var value = try activation(node)
    let number = try Rules.axis(try node.integer("axis") ?? -1, rank: value.rank)
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
    let epsilon = try node.float("epsilon") ?? 1e-5
    let norm = LayerNormalization(
      axis: axis, scale: scale.name, bias: bias?.name, epsilon: epsilon)
    let result = try emit(name, .layerNormalization(norm), [value], batchAxis: value.batchAxis)
    guard node.outputs.dropFirst().contains(where: { !$0.isEmpty }) else { return [result] }
    let axes = Array(number..<value.rank)
    let mean = try mean(value, axes, keeps: true, "\(name).mean")
    let centred = try arithmetic(.subtract, "\(name).centred", value, mean)
    let square = try arithmetic(.multiply, "\(name).square", centred, centred)
    let variance = try arithmetic(
      .add, "\(name).variance", try self.mean(square, axes, keeps: true, "\(name).moment"),
      number: epsilon)
    let deviation = try emit(
      "\(name).deviation", .activation(.sqrt), [variance], batchAxis: variance.batchAxis)
    let inverse = try arithmetic(
      .divide, "\(name).inverse", deviation, number: 1, isSwapped: true)
    return [result, mean, inverse]
  }

  mutating func groupNormalization(_ node: ONNXNode, _ name: String) throws -> Value {
    guard let groups = try node.integer("num_groups"), groups > 0 else {
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
        let perGroup = try values(constant).floats
        let each = perGroup.flatMap { [Float](repeating: $0, count: channels / groups) }
        names.append(
          parameter(.known(ONNXTensor(each, shape: [channels])), origin, of: name, role).name)
      } else {
        throw Failure(reason: "has a \(role) of \(constant.shape) for \(channels) channels")
      }
    }
    let norm = GroupNormalization(
      groups: groups, scale: names[0], bias: names[1], epsilon: try node.float("epsilon") ?? 1e-5)
    return try emit(name, .groupNormalization(norm), [value], batchAxis: 0)
  }
}
