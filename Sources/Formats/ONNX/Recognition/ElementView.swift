/// Where the elements of a reshaped, transposed or sliced activation stand in the one they come from.
///
/// Each axis is a product of steps, outermost first; element (i, j, ...) is at `offset` plus the sum of
/// its steps' strides, counted in row-major order of the base.
struct ElementView: Hashable {
  struct Step: Hashable {
    var extent: Int
    var stride: Int
  }

  var offset: Int
  /// Steps of each axis; none for an axis of extent 1.
  var axes: [[Step]]

  init(offset: Int, axes: [[Step]]) {
    self.offset = offset
    self.axes = axes.map(Self.joined)
  }

  /// All of a shape in its own order.
  init(of shape: [Int]) {
    var axes: [[Step]] = []
    var stride = 1
    for extent in shape.reversed() {
      axes.append([Step(extent: extent, stride: stride)])
      stride *= extent
    }
    self.init(offset: 0, axes: axes.reversed())
  }

  private static func joined(_ steps: [Step]) -> [Step] {
    var result: [Step] = []
    for step in steps where step.extent > 1 {
      if let last = result.last, last.stride == step.stride * step.extent {
        result[result.count - 1] = Step(extent: last.extent * step.extent, stride: step.stride)
      } else {
        result.append(step)
      }
    }
    return result
  }

  /// Whether it is all of `shape` in its own order.
  func isAll(of count: Int) -> Bool {
    offset == 0 && Self.joined(axes.flatMap { $0 }) == Self.joined([Step(extent: count, stride: 1)])
  }

  /// The same elements under another shape, or nil if an axis would begin inside a step.
  func reshaped(to shape: [Int]) -> ElementView? {
    var rest = axes.flatMap { $0 }[...]
    var result: [[Step]] = []
    for extent in shape {
      var needed = extent
      var steps: [Step] = []
      while needed > 1 {
        guard let step = rest.popFirst() else { return nil }
        if needed.isMultiple(of: step.extent) {
          steps.append(step)
          needed /= step.extent
        } else if step.extent.isMultiple(of: needed) {
          let inner = step.extent / needed
          steps.append(Step(extent: needed, stride: step.stride * inner))
          rest = [Step(extent: inner, stride: step.stride)] + rest
          needed = 1
        } else {
          return nil
        }
      }
      result.append(steps)
    }
    return ElementView(offset: offset, axes: result)
  }

  func transposed(_ permutation: [Int]) -> ElementView {
    ElementView(offset: offset, axes: permutation.map { axes[$0] })
  }

  /// `count` indices of `axis` from `start` on, or nil if they do not follow one step.
  func slicing(_ axis: Int, from start: Int, count: Int, of extent: Int) -> ElementView? {
    if start == 0, count == extent { return self }
    guard axes[axis].count == 1, let step = axes[axis].first else { return nil }
    var result = self
    result.offset += start * step.stride
    result.axes[axis] = count == 1 ? [] : [Step(extent: count, stride: step.stride)]
    return result
  }

  func removing(_ axis: Int) -> ElementView {
    var result = self
    result.axes.remove(at: axis)
    return result
  }
}
