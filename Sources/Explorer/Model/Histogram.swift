/// How often values are in each of some equal parts of their range.
package struct Histogram: Hashable, Sendable {
  /// Values in each part, from the least on.
  package let bins: [Int]
  /// The least and the greatest value.
  package let range: ClosedRange<Double>
  /// The mean.
  package let mean: Double
  /// The standard deviation.
  package let deviation: Double
  /// The share of values that are exactly zero.
  package let zeros: Double

  private static let binCount = 24

  /// Counts values; nil without any, or if some are not finite.
  package init?(_ values: [Float]) {
    guard let first = values.first else { return nil }
    var (low, high, sum, squares, zeros) = (first, first, 0.0, 0.0, 0)
    for value in values {
      (low, high) = (min(low, value), max(high, value))
      sum += Double(value)
      squares += Double(value) * Double(value)
      if value == 0 { zeros += 1 }
    }
    guard low.isFinite, high.isFinite else { return nil }
    let count = Double(values.count)
    mean = sum / count
    deviation = max(0, squares / count - mean * mean).squareRoot()
    self.zeros = Double(zeros) / count
    range = Double(low)...Double(high)
    var bins = [Int](repeating: 0, count: Self.binCount)
    let scale = high > low ? Float(Self.binCount) / (high - low) : 0
    for value in values { bins[min(Int((value - low) * scale), Self.binCount - 1)] += 1 }
    self.bins = bins
  }
}
