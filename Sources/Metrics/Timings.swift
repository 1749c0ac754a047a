/// Repeated measurements of one thing.
public struct Timings: Hashable, Sendable, Codable {
  /// The middle one.
  public var median: Double
  /// A tenth of them are below.
  public var low: Double
  /// A tenth of them are above.
  public var high: Double

  /// The median and spread of `values`.
  public init(_ values: [Double]) {
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[Int((Double(sorted.count - 1) * share).rounded())]
    }
    (median, low, high) = (quantile(0.5), quantile(0.1), quantile(0.9))
  }

  /// How far apart the slow and the fast ones are, as a share of the median.
  public var spread: Double { median > 0 ? (high - low) / median : 0 }
}

extension [Double] {
  /// The middle value, the mean of the two in the middle of evenly many; 0 of none.
  public var median: Double {
    guard !isEmpty else { return 0 }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}

extension Duration {
  /// In seconds.
  public var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
