internal import ModelGraph

/// The rows and columns of a convolution's kernel that have to be computed.
///
/// Border rows and columns that are zero in every filter are left out, each together with the row or column
/// of zeros around the input that only it has read: a 3x3 kernel with pads of 1 whose first row is zero is a 2x3
/// kernel without a pad above. Where there is no pad to take away, the zeros stay.
struct KernelPart {
  let rows: Range<Int>
  let columns: Range<Int>
  /// The area left around the input.
  let pads: Pads

  /// Its extent.
  var extent: Extent { Extent(rows.count, columns.count) }

  /// - Parameter weight: that of `convolution`.
  init(of convolution: Convolution, weight: Parameter) {
    let (kernel, dilations) = (convolution.kernel, convolution.dilations)
    var pads = convolution.pads
    let used = Self.used(kernel, weight.values)
    rows = Self.part(used.rows, dilations.height, pads.top, pads.bottom)
    columns = Self.part(used.columns, dilations.width, pads.left, pads.right)
    pads.top -= rows.lowerBound * dilations.height
    pads.bottom -= (kernel.height - rows.upperBound) * dilations.height
    pads.left -= columns.lowerBound * dilations.width
    pads.right -= (kernel.width - columns.upperBound) * dilations.width
    self.pads = pads
  }

  /// Which rows and columns hold anything but zeros.
  private static func used(_ kernel: Extent, _ values: [Float]) -> (rows: [Bool], columns: [Bool]) {
    var rows = [Bool](repeating: false, count: kernel.height)
    var columns = [Bool](repeating: false, count: kernel.width)
    for start in stride(from: 0, to: values.count, by: kernel.area) {
      for tap in 0..<kernel.area where values[start + tap] != 0 {
        rows[tap / kernel.width] = true
        columns[tap % kernel.width] = true
      }
      // Most kernels have no zeros.
      if !rows.contains(false), !columns.contains(false) { break }
    }
    return (rows, columns)
  }

  /// The rest of one axis.
  ///
  /// - Parameters:
  ///   - before: zeros before the input's first place.
  ///   - after: zeros behind its last.
  private static func part(
    _ used: [Bool], _ dilation: Int, _ before: Int, _ after: Int
  ) -> Range<Int> {
    let first = used.firstIndex(of: true) ?? 0
    let last = used.lastIndex(of: true) ?? 0
    return min(first, before / dilation)..<max(last, used.count - 1 - after / dilation) + 1
  }
}
