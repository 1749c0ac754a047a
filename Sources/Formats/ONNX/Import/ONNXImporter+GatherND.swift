internal import ModelGraph

extension ONNXImporter {
  /// `GatherND` with constant indices: a gather along the axes that they name, joined.
  mutating func gatherND(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    guard let tensor = try tensor(node, 1), let indices = tensor.integers,
      let depth = tensor.shape.last, depth > 0
    else { throw Failure(reason: "has no constant indices") }
    var shape = Array(tensor.shape.dropLast())
    switch try node.integer("batch_dims") ?? 0 {
    case 0: value = try whole(value)
    case 1:
      guard value.batchAxis == 0, shape.first == 1 else {
        throw Failure(reason: "has other indices for each image")
      }
      shape.removeFirst()
    default: throw Failure(reason: "has other indices for each part of an image")
    }
    let extents = draft[value.node].shape.dimensions
    guard depth <= extents.count else {
      throw Failure(reason: "names \(depth) axes of \(value.extents)")
    }
    let places = try Rules.places(indices, depth: depth, in: extents)
    let joined = extents[..<depth].reduce(1, *)
    let batch = value.batchAxis
    let flat = Value(node: value.node, extents: extents, batchAxis: nil)
    let rows = try reshaped(
      flat, to: [joined] + extents[depth...], batchAxis: nil, "\(name).rows")
    return try emit(
      name, .gather(Gather(axis: 0, indices: places, indicesShape: shape)), [rows],
      batchAxis: batch)
  }
}
