/// Braille cells as pictures of 2 x 4 points.
public enum Braille {
  /// The character with the points of a mask: bit `2 * row + column`, rows from the top.
  public static func character(mask: UInt8) -> String {
    var dots: UInt32 = 0
    for bit in 0..<8 where mask >> UInt8(bit) & 1 == 1 { dots |= dotOfBit[bit] }
    return Unicode.Scalar(0x2800 + dots).map(String.init) ?? " "
  }

  /// Braille numbers its dots down the columns, the lowest row last.
  private static let dotOfBit: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
}
