/// Running views of a series.
public enum Smoothing {
  /// The exponential moving average; `weight`, 0 (none) to 1, is what the past counts.
  ///
  /// It starts at the first value and passes over values that are not finite. O(n).
  public static func exponential(_ values: [Double], weight: Double) -> [Double] {
    let weight = weight.isFinite ? min(max(weight, 0), 0.9999) : 0
    var average: Double?
    return values.map { value in
      guard value.isFinite else { return value }
      average = average.map { $0 * weight + value * (1 - weight) } ?? value
      return average ?? value
    }
  }

  /// The best value up to each position: the largest, or the smallest if less is better. O(n).
  public static func bestSoFar(_ values: [Double], lessIsBetter: Bool = false) -> [Double] {
    var best = Double.nan
    return values.map { value in
      if value.isFinite {
        best = best.isNaN ? value : lessIsBetter ? min(best, value) : max(best, value)
      }
      return best
    }
  }
}
