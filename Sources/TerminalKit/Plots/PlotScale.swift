#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How values are spread along an axis.
public enum PlotScale: Hashable, Sendable {
  /// Evenly.
  case linear
  /// By their logarithm; values that are not positive are gaps.
  case logarithmic

  /// The value in the scale's own measure; nil if it has no place on it.
  func position(of value: Double) -> Double? {
    switch self {
    case .linear: value.isFinite ? value : nil
    case .logarithmic: value.isFinite && value > 0 ? log10(value) : nil
    }
  }
}

/// An axis: the range of values that is shown, and where in it a value lies.
struct PlotAxis {
  let scale: PlotScale
  /// The lowest and the highest value that is shown.
  let range: ClosedRange<Double>
  private let low: Double
  private let span: Double

  /// An axis for a range, or for all of the values; a single value gets room on both sides.
  init(scale: PlotScale, range: ClosedRange<Double>?, values: some Sequence<Double>) {
    self.scale = scale
    var (least, most) = (Double.infinity, -Double.infinity)
    for value in range.map({ [$0.lowerBound, $0.upperBound] }) ?? Array(values)
    where scale.position(of: value) != nil {
      least = min(least, value)
      most = max(most, value)
    }
    if least > most { (least, most) = scale == .linear ? (0, 1) : (1, 10) }
    if least == most {
      let room = max(abs(least) * 0.01, 1e-9)
      (least, most) = (least - room, most + room)
    }
    let (from, to) = (scale.position(of: least) ?? 0, scale.position(of: most) ?? 1)
    self.range = least...most
    low = from
    // Halves keep the difference of huge values finite.
    span = max(to / 2 - from / 2, .leastNormalMagnitude)
  }

  /// Where a value lies: 0 at the low end, 1 at the high end; nil if it has no place.
  func fraction(of value: Double) -> Double? {
    guard let position = scale.position(of: value) else { return nil }
    let fraction = (position / 2 - low / 2) / span
    return fraction.isFinite ? fraction : nil
  }

  /// The step, 0 at the low end to `steps - 1`, that a value falls on; far outside is clamped.
  func step(of value: Double, steps: Int) -> Int? {
    fraction(of: value).map { Int((min(max($0, -1), 2) * Double(steps - 1)).rounded()) }
  }
}
