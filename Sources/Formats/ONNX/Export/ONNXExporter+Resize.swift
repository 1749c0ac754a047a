internal import ModelGraph

extension ONNXExporter {
  mutating func add(_ resize: Resize, _ node: Node) {
    let shape = shape(node)
    let size = [resize.size.height, resize.size.width]
    // Corners that are aligned need no scales.
    guard let scales = resize.scales, resize.coordinates != .alignCorners else {
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
