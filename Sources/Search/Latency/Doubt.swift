internal import Metrics
public import Patterns

extension LatencyTable {
  /// The same network takes so much longer at times that shares of it say little.
  private static let mostSpread = 0.1

  /// One line if the times were measured while the machine had other work; nil if not, or if that is not known.
  public var doubt: String? {
    repeated.flatMap { Timings.doubt($0, most: Self.mostSpread) }
  }
}

extension Latencies {
  /// One line if times of a device were measured while it had other work.
  public var doubt: String? { tables.lazy.compactMap(\.doubt).first }
}

extension LatencyComparison {
  /// Single rounds are further apart than the means of many.
  private static let mostSpread = 0.3

  /// One line if the machine had other work while it timed.
  public var doubt: String? {
    Timings.doubt(dense, most: Self.mostSpread).map { "\(engine): \($0)" }
  }
}

extension Timings {
  fileprivate static func doubt(_ dense: Timings, most: Double) -> String? {
    guard dense.spread > most else { return nil }
    let (low, high) = ((dense.low * 1e3).fixed(3), (dense.high * 1e3).fixed(3))
    return "timed while the machine was busy: the dense network took \(low) to \(high) ms; "
      + "measure again when it is quiet"
  }
}
