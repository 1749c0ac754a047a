#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension PlotAxis {
  /// Round values between the ends of the axis, ascending: at most so many.
  func ticks(atMost count: Int) -> [Double] {
    guard count > 0, range.lowerBound < range.upperBound else { return [] }
    switch scale {
    case .linear:
      let least = (range.upperBound / 2 - range.lowerBound / 2) * 2 / Double(count + 1)
      guard least.isFinite, least > 0 else { return [] }
      let power = pow(10, floor(log10(least)))
      let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= least } ?? 10 * power
      guard step > 0, step.isFinite else { return [] }
      let first = (range.lowerBound / step).rounded(.up)
      return (0..<count).map { (first + Double($0)) * step }.filter(range.contains)
    case .logarithmic:
      let powers = (-300...300).lazy.map { pow(10, Double($0)) }.filter { range.contains($0) }
      let all = Array(powers)
      let stride = (all.count + count - 1) / count
      return all.indices.filter { $0 % max(1, stride) == 0 }.map { all[$0] }
    }
  }
}

extension AxisNumber {
  /// The number with as many decimals as tell it from one that is `step` away.
  static func text(_ value: Double, step: Double) -> String {
    guard step > 0, step < 1, abs(value) < 1000 else { return text(value) }
    let decimals = min(6, Int((-log10(step)).rounded(.up)))
    guard step < 0.01 || decimals > self.decimals(of: abs(value)) else { return text(value) }
    let scale = pow(10, Double(decimals))
    let digits = Int((abs(value) * scale).rounded())
    let (whole, part) = (digits / Int(scale), digits % Int(scale))
    let fraction = String(String(part + Int(scale)).dropFirst())
    return (value < 0 && digits > 0 ? "-" : "") + (whole == 0 ? "" : "\(whole)") + "." + fraction
  }
}
