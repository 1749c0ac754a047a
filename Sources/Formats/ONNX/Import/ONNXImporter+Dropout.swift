internal import ModelGraph

extension ONNXImporter {
  /// `Dropout` as it is outside of training: all values, and a mask of ones. Before opset 12 nothing says what
  /// the mask is then.
  mutating func dropout(_ node: ONNXNode) throws -> [Binding] {
    let value = try activation(node)
    if node.input(2) != nil, try tensor(node, 2)?.floats.first ?? 0 != 0,
      try tensor(node, 1)?.floats.first ?? 0.5 != 0
    {
      throw Failure(reason: "drops values at random: it is in training mode")
    }
    guard source.opset >= 12 else { return [.activation(value)] }
    return [.activation(value), .constant(.uniform(1, shape: value.extents))]
  }
}
