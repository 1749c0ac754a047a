internal import ModelGraph

extension ONNXExporter {
  mutating func add(_ norm: BatchNormalization, _ node: Node) throws(FormatError) {
    var inputs = [source(node)]
    for name in [norm.scale, norm.bias, norm.mean, norm.variance] {
      inputs.append(try tensor(name))
    }
    emit("BatchNormalization", inputs, [.float("epsilon", norm.epsilon)])
  }

  mutating func add(_ norm: LayerNormalization, _ node: Node) throws(FormatError) {
    var inputs = [source(node), try tensor(norm.scale)]
    if let bias = norm.bias { inputs.append(try tensor(bias)) }
    emit(
      "LayerNormalization", inputs,
      [.integer("axis", norm.axis + 1), .float("epsilon", norm.epsilon)])
  }

  /// Each group is an instance's only channel; `GroupNormalization` itself came with opset 18.
  mutating func add(_ norm: GroupNormalization, _ node: Node) throws(FormatError) {
    let shape = node.shape.dimensions
    let perChannel = [shape[0]] + shape.dropFirst().map { _ in 1 }
    let groups = emit("Reshape", [source(node), integers([0, norm.groups, -1])])
    let normalized = emit(
      "InstanceNormalization",
      [
        groups, uniform(1, [norm.groups]), uniform(0, [norm.groups]),
      ], [.float("epsilon", norm.epsilon)])
    let scaled = emit(
      "Mul", [reshape(normalized, to: shape), try tensor(norm.scale, .shaped(perChannel))])
    emit("Add", [scaled, try tensor(norm.bias, .shaped(perChannel))])
  }
}
