/// A region of a frame. Its size is never negative and its arithmetic never overflows.
public struct Rect: Hashable, Sendable {
  /// Columns from the left edge of the frame; may be negative.
  public let x: Int
  /// Rows from the top edge of the frame; may be negative.
  public let y: Int
  /// Columns and rows.
  public let size: Size

  /// Makes a region; a negative width or height becomes 0.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = min(max(x, -Size.limit), Size.limit)
    self.y = min(max(y, -Size.limit), Size.limit)
    self.size = Size(width: width, height: height)
  }

  /// Makes the region of a whole frame of that size.
  public init(_ size: Size) {
    self.init(x: 0, y: 0, width: size.width, height: size.height)
  }

  /// Makes a region from its top left corner and its size.
  public init(origin: Point, size: Size) {
    self.init(x: origin.x, y: origin.y, width: size.width, height: size.height)
  }

  /// Columns.
  public var width: Int { size.width }
  /// Rows.
  public var height: Int { size.height }
  /// The top left corner.
  public var origin: Point { Point(x: x, y: y) }
  /// The first column to the right of the region.
  public var maxX: Int { x + width }
  /// The first row below the region.
  public var maxY: Int { y + height }
  /// Whether there is no cell in it.
  public var isEmpty: Bool { size.isEmpty }

  /// Whether the position lies inside.
  public func contains(_ point: Point) -> Bool {
    point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
  }

  /// The part that both regions share; empty if they share none.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }
}
