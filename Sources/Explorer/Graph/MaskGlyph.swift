internal import ModelGraph
internal import Patterns
internal import TerminalKit

extension TapMask {
  /// The mask as two braille cells; kernels beyond 4 x 4 taps are sampled.
  var glyph: String {
    let (height, width) = (min(kernel.height, 4), min(kernel.width, 4))
    func keeps(_ y: Int, _ x: Int) -> Bool {
      guard y < height, x < width else { return false }
      return self[y * kernel.height / height, x * kernel.width / width]
    }
    return [0, 2].map { left in
      var mask: UInt8 = 0
      for y in 0..<4 {
        for x in 0..<2 where keeps(y, left + x) { mask |= 1 << UInt8(2 * y + x) }
      }
      return Braille.character(mask: mask)
    }.joined()
  }
}

extension Pattern {
  /// The one mask that it stands for, if the weights have no say in it.
  func fixedMask(of kernel: Extent) -> TapMask? {
    switch self {
    case .dense: TapMask(dense: kernel)
    case .masks(let masks) where masks.count == 1: masks[0]
    default: nil
    }
  }
}
