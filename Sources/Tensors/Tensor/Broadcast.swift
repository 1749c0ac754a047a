/// How two operands walk together over the shape they broadcast to, by NumPy's rule: shapes are aligned at
/// their last axes, and an axis of length 1 (or missing) repeats.
///
/// Neighbouring axes that both operands cross alike are merged, so that the innermost run, which is a plain
/// loop with strides of 0 or 1, is as long as possible.
struct Broadcast {
  struct Axis {
    var length: Int
    var leftStride: Int
    var rightStride: Int
  }

  /// The broadcast shape.
  let shape: [Int]
  /// Merged axes around the innermost run, outermost first.
  let outer: [Axis]
  /// The innermost run.
  let inner: Axis

  init(_ left: [Int], _ right: [Int]) {
    let rank = max(left.count, right.count)
    var axes: [Axis] = []
    var leftStride = 1
    var rightStride = 1
    for fromEnd in 1...max(rank, 1) where rank > 0 {
      let l = fromEnd <= left.count ? left[left.count - fromEnd] : 1
      let r = fromEnd <= right.count ? right[right.count - fromEnd] : 1
      precondition(l == r || l == 1 || r == 1, "\(left) and \(right) do not broadcast")
      axes.append(
        Axis(
          length: l == 1 ? r : l, leftStride: l == 1 ? 0 : leftStride,
          rightStride: r == 1 ? 0 : rightStride))
      leftStride *= l
      rightStride *= r
    }
    shape = axes.reversed().map(\.length)

    var merged: [Axis] = []
    for axis in axes where axis.length != 1 {
      if let last = merged.last, axis.leftStride == last.leftStride * last.length,
        axis.rightStride == last.rightStride * last.length
      {
        merged[merged.count - 1].length *= axis.length
      } else {
        merged.append(axis)
      }
    }
    inner = merged.first ?? Axis(length: 1, leftStride: 1, rightStride: 1)
    outer = merged.dropFirst().reversed()
  }

  /// Calls `body` once per innermost run with the offsets of both operands; the runs come in row-major order
  /// of the broadcast shape.
  @inline(__always)
  func forEachRun(_ body: (_ left: Int, _ right: Int) -> Void) {
    if shape.contains(0) { return }
    guard !outer.isEmpty else { return body(0, 0) }
    var position = Array(repeating: 0, count: outer.count)
    var left = 0
    var right = 0
    while true {
      body(left, right)
      var axis = outer.count - 1
      while true {
        position[axis] += 1
        left += outer[axis].leftStride
        right += outer[axis].rightStride
        if position[axis] < outer[axis].length { break }
        left -= outer[axis].leftStride * outer[axis].length
        right -= outer[axis].rightStride * outer[axis].length
        position[axis] = 0
        axis -= 1
        if axis < 0 { return }
      }
    }
  }
}
