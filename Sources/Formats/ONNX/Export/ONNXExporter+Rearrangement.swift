internal import ModelGraph

extension ONNXExporter {
  /// Engines look up each index by itself: long runs of the innermost axis are faster sliced and joined.
  mutating func add(_ gather: Gather, _ node: Node) {
    let shape = shape(node)
    let runs = gather.runs
    if gather.axis == shape.count - 1, !runs.isEmpty, runs.count * 16 <= gather.indices.count {
      let source = source(node)
      let parts = runs.map { run in
        var part = Slice(starts: shape.map { _ in 0 }, counts: shape)
        (part.starts[gather.axis], part.counts[gather.axis]) = (run.lowerBound, run.count)
        return slice(source, part, of: shape)
      }
      emit("Concat", parts, [.integer("axis", gather.axis + 1)])
      return
    }
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

extension Gather {
  /// The indices in runs of consecutive ones; none where they are not a single axis.
  fileprivate var runs: [Range<Int>] {
    guard indicesShape.count == 1 else { return [] }
    return indices.reduce(into: []) { runs, index in
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
  }
}
