internal import ModelGraph

/// Operators that move values or look at windows of them.
extension PyTorchExporter {
  // MARK: Windows

  func maxPool(_ x: String, _ pooling: Pooling, _ node: Node) -> String {
    if let own = own(pooling, "F.max_pool2d", x) { return own }
    let (pads, _) = pads(pooling, node)
    return Python.call(
      "F.max_pool2d",
      ["F.pad(\(x), \(Python.tuple(pads)), value=float(\"-inf\"))", Python.extent(pooling.kernel)],
      [
        "stride": Python.extent(pooling.strides),
        "dilation": pooling.dilations == .one ? nil : Python.extent(pooling.dilations),
      ])
  }

  mutating func averagePool(_ x: String, _ pooling: Pooling, _ node: Node) -> String {
    if pooling.dilations == .one,
      let own = own(
        pooling, "F.avg_pool2d", x,
        countsPads: pooling.countsPads || pooling.pads == .none ? nil : "False")
    {
      return own
    }
    let (whole, own) = pads(pooling, node)
    func pair(_ extent: Extent) -> String { Python.tuple([extent.height, extent.width]) }
    let counted = pooling.countsPads ? own : [0, 0, 0, 0]
    return Python.call(
      function(.averagePool), [x, pair(pooling.kernel)],
      [
        "stride": pair(pooling.strides), "dilation": pair(pooling.dilations),
        "counted": Python.tuple(counted),
        "uncounted": Python.tuple(zip(whole, counted).map { $0 - $1 }),
      ])
  }

  /// A pool as PyTorch has it: as much around it at each side, and no more than half of a window.
  private func own(
    _ pooling: Pooling, _ function: String, _ x: String, countsPads: String? = nil
  ) -> String? {
    let (pads, kernel) = (pooling.pads, pooling.kernel)
    guard pads.top == pads.bottom, pads.left == pads.right, 2 * pads.top <= kernel.height,
      2 * pads.left <= kernel.width
    else { return nil }
    return Python.call(
      function, [x, Python.extent(kernel)],
      [
        "stride": pooling.strides == kernel ? nil : Python.extent(pooling.strides),
        "padding": pads == .none ? nil : Python.extent(Extent(pads.top, pads.left)),
        "dilation": pooling.dilations == .one ? nil : Python.extent(pooling.dilations),
        "ceil_mode": pooling.roundsUp ? "True" : nil, "count_include_pad": countsPads,
      ])
  }

  /// The pads of a pool in PyTorch's order, columns first: with which its last, partial window is a whole one,
  /// and its own.
  private func pads(_ pooling: Pooling, _ node: Node) -> (whole: [Int], own: [Int]) {
    let (input, window, pads) = (shape(node), pooling.window, pooling.pads)
    func end(_ places: Int, _ stride: Int, _ window: Int, _ extent: Int, _ before: Int) -> Int {
      (places - 1) * stride + window - extent - before
    }
    let bottom = end(
      node.shape.height, pooling.strides.height, window.height, input[1], pads.top)
    let right = end(node.shape.width, pooling.strides.width, window.width, input[2], pads.left)
    return (
      [pads.left, max(pads.right, right), pads.top, max(pads.bottom, bottom)],
      [pads.left, pads.right, pads.top, pads.bottom]
    )
  }

  mutating func resize(_ x: String, _ resize: Resize, _ shape: [Int]) -> String {
    let size = Python.tuple([resize.size.height, resize.size.width])
    let isWhole = shape[1] > 1 && shape[2] > 1 && resize.size.height > 1 && resize.size.width > 1
    switch (resize.mode, resize.coordinates, resize.scales == nil) {
    case (.nearest(.floor), .asymmetric, true) where resize.isDoubling(of: shape):
      return "F.interpolate(\(x), size=\(size))"
    case (.linear, .halfPixel, true):
      return "F.interpolate(\(x), size=\(size), mode=\"bilinear\")"
    case (.linear, .alignCorners, true) where isWhole:
      return "F.interpolate(\(x), size=\(size), mode=\"bilinear\", align_corners=True)"
    default:
      let scales = resize.scales.map {
        // In all digits, as they are reckoned with in double precision.
        "(\(Double($0.height)), \(Double($0.width)))"
      }
      let rounding: String? =
        if case .nearest(let rounding) = resize.mode { Python.string(rounding.rawValue) } else {
          nil
        }
      return Python.call(
        function(.resize), [x, size, Python.string(resize.coordinates.rawValue)],
        ["rounding": rounding, "scales": scales])
    }
  }

  // MARK: Places

  func cut(_ x: String, _ slice: Slice, of shape: [Int]) -> String {
    var backwards: [Int] = []
    var parts: [String] = []
    for axis in shape.indices {
      var (start, step) = (slice.starts[axis], slice.steps[axis])
      // Of one index, the way does not matter.
      if slice.counts[axis] == 1 { step = 1 }
      if step < 0 {
        backwards.append(axis + 1)
        (start, step) = (shape[axis] - 1 - start, -step)
      }
      let end = start + (slice.counts[axis] - 1) * step + 1
      let isAll = start == 0 && step == 1 && end == shape[axis]
      parts.append(
        isAll
          ? ":"
          : (start == 0 ? "" : "\(start)") + ":" + (end == shape[axis] ? "" : "\(end)")
            + (step == 1 ? "" : ":\(step)"))
    }
    let source = backwards.isEmpty ? x : "\(x).flip(\(Python.tuple(backwards)))"
    while parts.last == ":" { parts.removeLast() }
    return parts.isEmpty ? source : "\(source)[\(([":"] + parts).joined(separator: ", "))]"
  }

  func pick(_ x: String, _ gather: Gather, _ index: Int) -> String {
    at(gather.axis, of: x, gather.place ?? table(index))
  }

  func pad(_ x: String, _ padding: Padding, _ index: Int) -> String {
    let axes = padding.before.indices.filter { padding.before[$0] != 0 || padding.after[$0] != 0 }
    guard case .constant(let value) = padding.mode else {
      return axes.enumerated().reduce(x) { x, axis in
        at(axis.element, of: x, table(index, axis.offset))
      }
    }
    guard let first = axes.first else { return x }
    // From the last axis on.
    let amounts = padding.before.indices[first...].reversed().flatMap {
      [padding.before[$0], padding.after[$0]]
    }
    return Python.call(
      "F.pad", [x, Python.tuple(amounts)], ["value": value == 0 ? nil : Python.number(value)])
  }

  private func at(_ axis: Int, of x: String, _ place: String) -> String {
    "\(x)[\(String(repeating: ":, ", count: axis + 1))\(place)]"
  }
}

extension Resize {
  /// Whether a power of two brings the input to this size: what PyTorch makes of other ratios is rounded.
  fileprivate func isDoubling(of shape: [Int]) -> Bool {
    [(size.height, shape[1]), (size.width, shape[2])].allSatisfy { size, extent in
      size.isMultiple(of: extent) && (size / extent).nonzeroBitCount == 1
    }
  }
}

extension Gather {
  /// The indices in Python where they need no table: a single one, or a run.
  fileprivate var place: String? {
    guard let first = indices.first else { return nil }
    if indicesShape.isEmpty { return "\(first)" }
    guard indicesShape.count == 1, indices == Array(first..<first + indices.count) else {
      return nil
    }
    return "\(first):\(first + indices.count)"
  }
}

extension Node {
  /// The tables of indices that a node needs in Python, each as a tensor.
  func tables(of shape: [Int]) -> [String] {
    switch op {
    case .gather(let gather) where gather.place == nil:
      let list = Python.list(gather.indices, indent: 8)
      let isFlat = gather.indicesShape.count == 1
      let shape = isFlat ? "" : ".view(\(Python.tuple(gather.indicesShape)))"
      return ["torch.tensor(\(list))\(shape)"]
    case .pad(let padding) where !padding.isConstant:
      let axes = shape.indices.filter { padding.before[$0] != 0 || padding.after[$0] != 0 }
      return axes.map { axis in
        let places = -padding.before[axis]..<shape[axis] + padding.after[axis]
        let sources = places.map { padding.source(of: $0, in: shape[axis]) }
        return "torch.tensor(\(Python.list(sources, indent: 8)))"
      }
    default: return []
    }
  }
}

extension Padding {
  fileprivate var isConstant: Bool { if case .constant = mode { true } else { false } }

  /// Where the value at a place of an axis comes from, which lies before it, in it or behind it.
  fileprivate func source(of place: Int, in extent: Int) -> Int {
    guard mode == .reflect, extent > 1 else { return min(max(place, 0), extent - 1) }
    let period = 2 * (extent - 1)
    let inside = ((place % period) + period) % period
    return min(inside, period - inside)
  }
}
