#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Numbers short enough for the edge of a plot: `.83`, `41`, `2.3k`, `69M`, `4e-05`.
public enum AxisNumber {
  /// The number with about three significant digits, never longer than seven characters.
  public static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "?" : value < 0 ? "-inf" : "inf" }
    let sign = value < 0 ? "-" : ""
    let size = abs(value)
    if size < 1e-300 { return "0" }
    if size < 0.001 || size >= 999.5e12 { return sign + scientific(size) }
    for (unit, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    where size >= unit * 0.9995 {
      return sign + decimal(size / unit) + suffix
    }
    return sign + decimal(size)
  }

  /// 0.001 up to 999, with as many decimals as leave three digits; zeros at both ends are dropped.
  private static func decimal(_ size: Double) -> String {
    let decimals = decimals(of: size)
    let scale = pow(10, Double(decimals))
    let digits = Int((size * scale).rounded())
    let whole = digits / Int(scale)
    guard decimals > 0 else { return "\(whole)" }
    var part = String(String(digits % Int(scale) + Int(scale)).dropFirst())
    if whole > 0 { while part.hasSuffix("0") { part.removeLast() } }
    if part.isEmpty { return "\(whole)" }
    return (whole == 0 ? "" : "\(whole)") + "." + part
  }

  /// As many decimals as leave three digits.
  static func decimals(of size: Double) -> Int {
    size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 3
  }

  private static func scientific(_ size: Double) -> String {
    let exponent = Int(floor(log10(size)))
    let lead = Int((size / pow(10, Double(exponent))).rounded())
    return lead == 10 ? "1e\(exponent + 1)" : "\(max(lead, 1))e\(exponent)"
  }
}
