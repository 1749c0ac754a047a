internal import ModelGraph

extension ONNXExporter {
  mutating func add(_ gather: Gather, _ node: Node) {
    let indices = literal(
      ONNXTensor(gather.indices, shape: gather.indicesShape),
      "\(gather.indices) as \(gather.indicesShape)")
    emit("Gather", [source(node), indices], [.integer("axis", gather.axis + 1)])
  }

  /// The first of the greatest values, a number as all activations are.
  mutating func addArgMax(_ axis: Int, _ keepsAxis: Bool, _ node: Node) {
    let place = emit(
      "ArgMax", [source(node)],
      [
        .integer("axis", axis + 1), .integer("keepdims", keepsAxis ? 1 : 0),
      ])
    emit("Cast", [place], [.integer("to", ONNXElementType.float.rawValue)])
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

  mutating func add(_ resize: Resize, _ node: Node) {
    let shape = shape(node)
    let size = [resize.size.height, resize.size.width]
    guard let scales = resize.scales else {
      emitResize(source(node), resize, ["", batched(node.shape.dimensions)])
      return
    }
    let factors = [scales.height, scales.width]
    let given = literal(
      ONNXTensor([1, 1] + factors, shape: [4]), "scales \(factors)")
    func resized(_ extents: [Int]) -> [Int] {
      zip(extents, factors).map { Int(Float($0) * $1) }
    }
    guard resized(Array(shape[1...])) != size else {
      emitResize(source(node), resize, [given])
      return
    }
    // The size was rounded up, which ONNX never does. Pixels beyond the border are those at it: with enough of
    // them, the size is reached and what is too much cut off.
    let room = factors.map { Int((1 / $0).rounded(.up)) + 1 }
    let padded = pad(source(node), Padding(before: [0, 0, 0], after: [0] + room, mode: .edge))
    let large = [shape[0]] + resized([shape[1] + room[0], shape[2] + room[1]])
    slice(
      emitResize(padded, resize, [given]),
      Slice(starts: [0, 0, 0], counts: node.shape.dimensions), of: large)
  }

  /// - Parameter extents: the scales, or nothing and the sizes.
  @discardableResult private mutating func emitResize(
    _ value: String, _ resize: Resize, _ extents: [String]
  ) -> String {
    let inputs = [value, ""] + extents
    let coordinates = resize.coordinates.rawValue
    return switch resize.mode {
    case .nearest(let rounding):
      emit(
        "Resize", inputs,
        [
          .string("mode", "nearest"), .string("nearest_mode", rounding.rawValue),
          .string("coordinate_transformation_mode", coordinates),
        ])
    case .linear:
      emit(
        "Resize", inputs,
        [
          .string("mode", "linear"), .string("coordinate_transformation_mode", coordinates),
        ])
    }
  }
}
