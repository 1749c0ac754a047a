/// A map from rows to the segments they belong to: edges to their target nodes, or choices to their unit.
///
/// One map serves both directions. Gathering by it copies row `ids[i]` of a table with `count` rows to row
/// `i`; a segment sum adds row `i` to row `ids[i]` of a table with `count` rows. Each is the other's
/// gradient. The ids need not be sorted. They are checked once, here, so that the kernels need not.
public struct Segments: Sendable, Hashable {
  /// The segment of each row.
  public let ids: [Int]
  /// The number of segments; every id is below it.
  public let count: Int

  /// Creates the map. Complexity: O(`ids.count`).
  public init(_ ids: [Int], count: Int) {
    precondition(
      ids.allSatisfy { 0 <= $0 && $0 < count }, "a segment id is outside 0..<\(count)")
    self.ids = ids
    self.count = count
  }

  /// The number of rows in each segment.
  public var sizes: [Int] {
    var sizes = Array(repeating: 0, count: count)
    for id in ids { sizes[id] += 1 }
    return sizes
  }
}
