internal import ModelGraph

/// Where the elements of a reshaped, transposed or sliced activation stand in the one they come from.
///
/// Each axis is a product of steps, outermost first; element (i, j, ...) is at `offset` plus the sum of
/// its steps' strides, counted in row-major order of the base.
struct ElementView: Hashable {
  struct Step: StridedRun {
    let extent: Int
    let stride: Int

    func with(extent: Int, stride: Int) -> Step { Step(extent: extent, stride: stride) }
  }

  var offset: Int
  /// Steps of each axis; none for an axis of extent 1.
  var axes: [[Step]]

  init(offset: Int, axes: [[Step]]) {
    self.offset = offset
    self.axes = axes.map { $0.joined() }
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

  /// Whether it is all of `shape` in its own order.
  func isAll(of count: Int) -> Bool {
    offset == 0 && axes.flatMap { $0 }.joined() == [Step(extent: count, stride: 1)].joined()
  }

  /// The same elements under another shape, or nil if an axis would begin inside a step.
  func reshaped(to shape: [Int]) -> ElementView? {
    axes.flatMap { $0 }.regrouped(into: shape).map { ElementView(offset: offset, axes: $0) }
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
