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

  /// Counts the finite ones of some values; nil without any.
  package init?(_ values: [Float]) {
    var (low, high, sum, squares, zeros, finite) = (
      Double.infinity, -Double.infinity, 0.0, 0.0, 0, 0
    )
    for value in values where value.isFinite {
      let value = Double(value)
      (low, high) = (min(low, value), max(high, value))
      sum += value
      squares += value * value
      if value == 0 { zeros += 1 }
      finite += 1
    }
    guard finite > 0 else { return nil }
    let count = Double(finite)
    mean = sum / count
    deviation = max(0, squares / count - mean * mean).squareRoot()
    self.zeros = Double(zeros) / count
    range = low...high
    var bins = [Int](repeating: 0, count: Self.binCount)
    let scale = high > low ? Double(Self.binCount) / (high - low) : 0
    for value in values where value.isFinite {
      bins[min(Int((Double(value) - low) * scale), Self.binCount - 1)] += 1
    }
    self.bins = bins
  }
}
