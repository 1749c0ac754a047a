/// The extents of one sample's activation, batch left out: `[C, H, W]` for feature maps, `[T, D]`
/// for tokens, `[F]` for feature vectors; whatever a graph makes of them between.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// The extents, outermost first.
  public let dimensions: [Int]

  /// A shape of the given extents, outermost first.
  public init(_ dimensions: [Int]) {
    self.dimensions = dimensions
  }

  /// A feature map `[C, H, W]`.
  public init(channels: Int, height: Int, width: Int) {
    self.init([channels, height, width])
  }

  /// The number of elements.
  public var count: Int { dimensions.reduce(1, *) }
  /// The number of axes.
  public var rank: Int { dimensions.count }
  /// Channels of a feature map, features of a token or a vector.
  public var channels: Int { (isFeatureMap ? dimensions.first : dimensions.last) ?? 1 }
  /// Rows of a feature map; otherwise 1.
  public var height: Int { isFeatureMap ? dimensions[1] : 1 }
  /// Columns of a feature map, the number of tokens, 1 for a vector.
  public var width: Int { isFeatureMap ? dimensions[2] : rank == 2 ? dimensions[0] : 1 }
  /// Whether this is `[C, H, W]`.
  public var isFeatureMap: Bool { dimensions.count == 3 }

  /// The extents joined by `x`, as in `16x28x28`; `1` for a single number.
  public var description: String {
    dimensions.isEmpty ? "1" : dimensions.map(String.init).joined(separator: "x")
  }

  /// The shape that both are broadcast to, as numpy does: aligned at the last axis, extents of 1
  /// repeated; nil if other extents differ.
  public func broadcast(with other: Shape) -> Shape? {
    let rank = max(rank, other.rank)
    func padded(_ shape: Shape) -> [Int] {
      [Int](repeating: 1, count: rank - shape.rank) + shape.dimensions
    }
    var extents: [Int] = []
    for (first, second) in zip(padded(self), padded(other)) {
      guard first == second || first == 1 || second == 1 else { return nil }
      extents.append(max(first, second))
    }
    return Shape(extents)
  }
}

/// A height and a width: a kernel, a stride, a dilation.
public struct Extent: Hashable, Sendable, CustomStringConvertible {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// An extent of `height` rows and `width` columns.
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// One row and one column.
  public static let one = Extent(1, 1)
  /// Rows times columns.
  public var area: Int { height * width }
  /// The rows and columns from a kernel's first to its last place with steps of `dilations`.
  public func spread(_ dilations: Extent) -> Extent {
    Extent((height - 1) * dilations.height + 1, (width - 1) * dilations.width + 1)
  }
  /// As in `3x3`.
  public var description: String { "\(height)x\(width)" }
}

/// Rows and columns of zeros around a feature map, in ONNX's order.
public struct Pads: Hashable, Sendable {
  /// Rows above.
  public var top: Int
  /// Columns to the left.
  public var left: Int
  /// Rows below.
  public var bottom: Int
  /// Columns to the right.
  public var right: Int

  /// Pads in ONNX's order: top, left, bottom, right.
  public init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  /// No padding.
  public static let none = Pads(top: 0, left: 0, bottom: 0, right: 0)

  /// The least pads that hold both.
  public func union(_ other: Pads) -> Pads {
    Pads(
      top: max(top, other.top), left: max(left, other.left),
      bottom: max(bottom, other.bottom), right: max(right, other.right))
  }
}
