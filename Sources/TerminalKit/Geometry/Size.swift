/// An extent in columns and rows, never negative.
public struct Size: Hashable, Sendable {
  /// The largest extent in either direction; anything beyond is cut.
  package static let limit = 1 << 20

  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int

  /// Makes an extent; negative values become 0.
  public init(width: Int, height: Int) {
    self.width = min(max(0, width), Size.limit)
    self.height = min(max(0, height), Size.limit)
  }

  /// The empty extent.
  public static let zero = Size(width: 0, height: 0)

  /// Whether there is no cell in it.
  public var isEmpty: Bool { width == 0 || height == 0 }
}
