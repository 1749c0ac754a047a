internal import ModelGraph

extension ONNXExporter {
  mutating func add(_ gather: Gather, _ node: Node) {
    let indices = literal(
      ONNXTensor(gather.indices, shape: gather.indicesShape),
      "\(gather.indices) as \(gather.indicesShape)")
    emit("Gather", [source(node), indices], [.integer("axis", gather.axis + 1)])
  }

  @discardableResult mutating func slice(
    _ value: String, _ slice: Slice, of shape: [Int]
  ) -> String {
    let axes = shape.indices.filter {
      slice.counts[$0] != shape[$0] || slice.steps[$0] != 1
    }
    guard !axes.isEmpty else { return emit("Identity", [value]) }
    let ends = axes.map { axis in
      let end = slice.starts[axis] + slice.counts[axis] * slice.steps[axis]
      // Negative bounds count from the end; what lies before the first element is further away.
      return end < 0 ? -shape[axis] - 1 : end
    }
    return emit(
      "Slice",
      [
        value, integers(axes.map { slice.starts[$0] }), integers(ends),
        integers(axes.map { $0 + 1 }), integers(axes.map { slice.steps[$0] }),
      ])
  }

  mutating func addShuffle(_ groups: Int, _ node: Node) {
    let (channels, map) = (node.shape.channels, [node.shape.height, node.shape.width])
    let parts = reshape(source(node), to: [groups, channels / groups] + map)
    reshape(transpose(parts, [1, 0, 2, 3]), to: node.shape.dimensions)
  }
}
