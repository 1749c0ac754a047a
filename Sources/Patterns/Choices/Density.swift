/// The share that a pattern keeps, as an exact fraction: `2/3`.
public struct Density: Hashable, Sendable, CustomStringConvertible {
  /// Parts kept.
  public let kept: Int
  /// Parts in all.
  public let of: Int

  /// `kept` of `of` parts; `0 < kept <= of`.
  public init?(_ kept: Int, _ of: Int) {
    guard kept > 0, of >= kept else { return nil }
    self.kept = kept
    self.of = of
  }

  /// Reads `2/3`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let kept = parts[0], let of = parts[1], of <= 1 << 20 else {
      return nil
    }
    self.init(kept, of)
  }

  /// As in `2/3`.
  public var description: String { "\(kept)/\(of)" }

  /// How many of `count` things are kept: the nearest number, at least one.
  public func applied(to count: Int) -> Int {
    max(1, (count * kept * 2 + of) / (of * 2))
  }
}
