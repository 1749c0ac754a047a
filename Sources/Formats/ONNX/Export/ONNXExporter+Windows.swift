internal import ModelGraph

extension ONNXExporter {
  mutating func addMaxPool(_ pooling: Pooling, _ node: Node) {
    var (input, pads) = (source(node), wholePads(pooling, node))
    let kernel = pooling.kernel
    if max(pads.top, pads.bottom) >= kernel.height || max(pads.left, pads.right) >= kernel.width {
      // More than engines accept, which do not think of dilations there.
      let padding = Padding(
        before: [0, pads.top, pads.left], after: [0, pads.bottom, pads.right],
        mode: .constant(-.greatestFiniteMagnitude))
      (input, pads) = (pad(input, padding), .none)
    }
    emit(
      "MaxPool", [input],
      [
        .integers("kernel_shape", kernel), .integers("strides", pooling.strides),
        .integers("pads", pads), .integers("dilations", pooling.dilations),
      ])
  }

  /// An average; where `AveragePool` of opset 17 cannot say which places count, as a convolution with
  /// ones and a product with the inverse counts.
  mutating func addAveragePool(_ pooling: Pooling, _ node: Node) {
    let pads = wholePads(pooling, node)
    guard pooling.dilations != .one || pooling.countsPads && pads != pooling.pads else {
      emit(
        "AveragePool", [source(node)],
        [
          .integers("kernel_shape", pooling.kernel), .integers("strides", pooling.strides),
          .integers("pads", pads), .integer("count_include_pad", pooling.countsPads ? 1 : 0),
        ])
      return
    }
    let channels = node.shape.channels
    let ones = uniform(1, [channels, 1, pooling.kernel.height, pooling.kernel.width])
    let sums = emit(
      "Conv", [source(node), ones],
      [
        .integers("kernel_shape", pooling.kernel), .integers("strides", pooling.strides),
        .integers("pads", pads), .integers("dilations", pooling.dilations),
        .integer("group", channels),
      ])
    emit("Mul", [sums, inverseCounts(pooling, node)])
  }

  /// Pads with which a last, partial window of a pool is a whole one, so that nothing is rounded up: engines
  /// do not agree on that.
  private func wholePads(_ pooling: Pooling, _ node: Node) -> Pads {
    let (input, output, window) = (shape(node), node.shape, pooling.window)
    var pads = pooling.pads
    pads.bottom = max(
      pads.bottom,
      (output.height - 1) * pooling.strides.height + window.height - input[1] - pads.top)
    pads.right = max(
      pads.right,
      (output.width - 1) * pooling.strides.width + window.width - input[2] - pads.left)
    return pads
  }

  /// One over the number of places that count, for each pixel of an average: `[H, W]`.
  private mutating func inverseCounts(_ pooling: Pooling, _ node: Node) -> String {
    let (input, pads) = (shape(node), pooling.pads)
    func counts(
      _ places: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ before: Int,
      _ inside: Range<Int>
    ) -> [Int] {
      (0..<places).map { place in
        (0..<kernel).count { inside.contains(place * stride - before + $0 * dilation) }
      }
    }
    func inside(_ extent: Int, _ before: Int, _ after: Int) -> Range<Int> {
      pooling.countsPads ? -before..<extent + after : 0..<extent
    }
    let rows = counts(
      node.shape.height, pooling.kernel.height, pooling.strides.height, pooling.dilations.height,
      pads.top, inside(input[1], pads.top, pads.bottom))
    let columns = counts(
      node.shape.width, pooling.kernel.width, pooling.strides.width, pooling.dilations.width,
      pads.left, inside(input[2], pads.left, pads.right))
    let inverse = rows.flatMap { row in columns.map { 1 / Float(max(row * $0, 1)) } }
    return literal(
      ONNXTensor(inverse, shape: [rows.count, columns.count]), "counts \(rows) \(columns)")
  }

  @discardableResult mutating func pad(_ value: String, _ padding: Padding) -> String {
    let pads = integers([0] + padding.before + [0] + padding.after)
    switch padding.mode {
    case .constant(let number): return emit("Pad", [value, pads, self.number(number)])
    case .reflect: return emit("Pad", [value, pads], [.string("mode", "reflect")])
    case .edge: return emit("Pad", [value, pads], [.string("mode", "edge")])
    }
  }
}
