/// The taps of a kernel that are kept.
///
/// A 3x3 mask is named by its rows as octal digits, the leftmost column being 4: `272` is a cross.
/// Wider kernels name their rows in hexadecimal, joined by dots.
///
///     let cross = TapMask("272", kernel: Extent(3, 3))
///     let taps = cross?.count  // 5
public struct TapMask: Hashable, Sendable, CustomStringConvertible {
  /// The kernel's rows and columns; at most 64 taps.
  public let kernel: Extent
  /// Bit `y * width + x` is set if the tap in row y, column x is kept.
  public private(set) var bits: UInt64

  /// The largest kernel that masks are made for.
  public static let maximumTaps = 64

  /// A mask of the given bits; those outside the kernel are dropped.
  public init(kernel: Extent, bits: UInt64) {
    precondition(kernel.area <= Self.maximumTaps, "a mask has at most 64 taps")
    self.kernel = kernel
    self.bits = bits & Self.allBits(kernel)
  }

  /// Every tap kept.
  public init(dense kernel: Extent) {
    self.init(kernel: kernel, bits: .max)
  }

  /// The mask of the given name, or nil if no mask of this kernel is called so.
  public init?(_ name: String, kernel: Extent) {
    guard kernel.area <= Self.maximumTaps else { return nil }
    let isOctal = kernel.width <= 3
    let rows =
      isOctal
      ? name.map { String($0) }
      : name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard rows.count == kernel.height else { return nil }
    var bits: UInt64 = 0
    for (y, row) in rows.enumerated() {
      guard let value = UInt64(row, radix: isOctal ? 8 : 16), row.first?.isHexDigit == true,
        value < 1 << UInt64(kernel.width)
      else { return nil }
      for x in 0..<kernel.width where value >> UInt64(kernel.width - 1 - x) & 1 == 1 {
        bits |= 1 << UInt64(y * kernel.width + x)
      }
    }
    self.init(kernel: kernel, bits: bits)
  }

  /// Its name.
  public var description: String {
    let isOctal = kernel.width <= 3
    let rows = (0..<kernel.height).map { y in
      let value = (0..<kernel.width).reduce(0) { $0 << 1 | (self[y, $1] ? 1 : 0) }
      return String(value, radix: isOctal ? 8 : 16)
    }
    return rows.joined(separator: isOctal ? "" : ".")
  }

  /// The number of taps kept.
  public var count: Int { bits.nonzeroBitCount }
  /// Whether every tap is kept.
  public var isDense: Bool { bits == Self.allBits(kernel) }

  /// Whether tap `index`, counted row by row, is kept.
  public func keeps(_ index: Int) -> Bool { bits >> UInt64(index) & 1 == 1 }

  /// Whether the tap in row `y`, column `x` is kept.
  public subscript(y: Int, x: Int) -> Bool {
    get { keeps(y * kernel.width + x) }
    set {
      let bit: UInt64 = 1 << UInt64(y * kernel.width + x)
      bits = newValue ? bits | bit : bits & ~bit
    }
  }

  private static func allBits(_ kernel: Extent) -> UInt64 {
    kernel.area == 64 ? .max : (1 << UInt64(kernel.area)) - 1
  }
}
