package import ModelGraph

extension Pattern {
  /// Every mask of a kernel that the pattern allows, each once; nil if it is not about taps.
  ///
  /// There are C(taps, kept) masks of a `taps` pattern: 126 for 4 of 9. Nil, too, if they are more than
  /// `limit`.
  package func candidateMasks(for kernel: Extent, limit: Int = 1 << 12) -> [TapMask]? {
    switch self {
    case .masks(let masks): return masks
    case .stripe(let density):
      return Self.stripes(density.applied(to: kernel.height), kernel: kernel)
    case .taps(let density):
      return TapMask.all(of: kernel, keeping: density.applied(to: kernel.area), limit: limit)
    case .boxes(let density):
      return TapMask.boxed(kernel, count: density.applied(to: kernel.area))
    default: return nil
    }
  }

  /// Every mask of `count` whole rows, then every mask of `count` whole columns.
  package static func stripes(_ count: Int, kernel: Extent) -> [TapMask] {
    func masks(lines: Int, _ tap: (_ line: Int, _ place: Int) -> Int, places: Int) -> [TapMask] {
      (0..<1 << UInt64(lines)).filter { $0.nonzeroBitCount == count }.map { chosen in
        var bits: UInt64 = 0
        for line in 0..<lines where chosen >> line & 1 == 1 {
          for place in 0..<places { bits |= 1 << UInt64(tap(line, place)) }
        }
        return TapMask(kernel: kernel, bits: bits)
      }
    }
    return masks(
      lines: kernel.height, { $0 * kernel.width + $1 }, places: kernel.width)
      + masks(lines: kernel.width, { $1 * kernel.width + $0 }, places: kernel.height)
  }
}

extension TapMask {
  /// Every mask of a kernel that keeps `count` taps, in the order of their bits; nil if there are more
  /// than `limit`.
  package static func all(of kernel: Extent, keeping count: Int, limit: Int) -> [TapMask]? {
    guard count > 0, count <= kernel.area, kernel.area <= maximumTaps else { return nil }
    var number = 1.0
    for index in 0..<min(count, kernel.area - count) {
      number *= Double(kernel.area - index) / Double(index + 1)
    }
    guard number < Double(limit) + 0.5 else { return nil }
    var result: [TapMask] = []
    // The next larger number with as many bits (Warren, Hacker's Delight, 2-1).
    let last = ((UInt64.max >> (64 - UInt64(count))) << UInt64(kernel.area - count))
    var bits = UInt64.max >> (64 - UInt64(count))
    while true {
      result.append(TapMask(kernel: kernel, bits: bits))
      if bits == last { return result }
      let lowest = bits & (~bits &+ 1)
      let ripple = bits &+ lowest
      bits = ripple | ((bits ^ ripple) >> UInt64(lowest.trailingZeroBitCount + 2))
    }
  }
}
