internal import Foundation

/// The values along one side of a chart, with round numbers marked.
struct Axis {
  /// From the first to the last mark.
  let range: ClosedRange<Double>
  /// The marks, ascending, a round number apart.
  let ticks: [Double]
  private let step: Double

  /// An axis that holds some values, with about `count` marks.
  init(_ values: [Double], ticks count: Int = 5) {
    let finite = values.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    let span = high > low ? high - low : max(abs(high) * 0.1, 1e-6)
    let rough = span / Double(max(count - 1, 1))
    let magnitude = pow(10, floor(log10(rough)))
    let factor = [1, 2, 2.5, 5, 10].first { $0 * magnitude >= rough * 0.999 } ?? 10
    let step = factor * magnitude
    let first = floor(low / step + 1e-9)
    let last = max(ceil(high / step - 1e-9), first + 1)
    self.step = step
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    range = first * step...last * step
  }

  /// Where a value lies, 0 to 1.
  func place(_ value: Double) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }

  /// A mark in as many digits as tell it from its neighbours.
  func label(_ value: Double) -> String {
    var places = 0
    while places < 6,
      abs((step * pow(10, Double(places))).rounded() - step * pow(10, Double(places))) > 1e-6
    {
      places += 1
    }
    return value.fixed(places)
  }
}

extension Double {
  /// With so many digits behind the point.
  func fixed(_ places: Int) -> String {
    let text = String(format: "%.\(places)f", self)
    return text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) }
      ? String(text.dropFirst()) : text
  }
}
