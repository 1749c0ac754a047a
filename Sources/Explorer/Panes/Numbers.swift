internal import Metrics
internal import Patterns
internal import Search

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Numbers as the screen writes them.
enum Numbers {
  /// A share in percent without decimals; `<1%` and `>99%` are not rounded to the ends.
  static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "?" }
    if share > 0, share < 0.005 { return "<1%" }
    if share < 1, share > 0.995 { return ">99%" }
    return "\(Int((share * 100).rounded()))%"
  }

  /// A loss in percent with two significant digits, as in `0.032%`, `4.1%` or `37%`.
  static func loss(_ share: Double) -> String {
    let size = abs(share * 100)
    guard size.isFinite, size > 0 else { return percent(share) }
    if size < 0.000_95 { return "<0.001%" }
    let places = size < 0.0095 ? 4 : size < 0.095 ? 3 : size < 0.95 ? 2 : size < 9.5 ? 1 : 0
    return decimal(share * 100, places: places) + "%"
  }

  /// A share in percent with a decimal if it needs one.
  static func share(_ share: Double) -> String {
    let text = decimal(share * 100, places: 1)
    return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + " %"
  }

  /// A target, as in `70 % of the latency`.
  static func target(_ target: Target) -> String {
    "\(share(target.share)) of the \(target.resource.name)"
  }

  /// A fixed number of decimals, as in `92.6`.
  static func decimal(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return "?" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    // Files decide how large numbers are.
    guard let digits = Int(exactly: (abs(value) * scale).rounded()) else { return "\(value)" }
    var text = String(digits)
    while text.count <= places { text = "0" + text }
    if places > 0 { text.insert(".", at: text.index(text.endIndex, offsetBy: -places)) }
    return (value < 0 && digits > 0 ? "−" : "") + text
  }

  /// The same with a sign in any case.
  static func signed(_ value: Double, places: Int) -> String {
    let text = decimal(value, places: places)
    return text.hasPrefix("−") ? text : "+" + text
  }

  /// Seconds as in `48 s`, `3:20` or `1:02:03`.
  static func duration(_ seconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    switch seconds {
    case ..<60: return "\(max(0, seconds)) s"
    case ..<3600: return "\(seconds / 60):\(two(seconds % 60))"
    default: return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }
  }

  /// The accuracy before and after fine-tuning in percent, as in `72.9 → 92.8`.
  static func gain(_ result: FineTuned) -> String {
    gain(from: result.before.fraction, to: result.after.fraction)
  }

  /// Two shares in percent, as in `72.9 → 92.8`.
  static func gain(from before: Double, to after: Double) -> String {
    "\(decimal(before * 100, places: 1)) → \(decimal(after * 100, places: 1))"
  }

  /// A score or a reward, as in `.926`; close to 1, where scores of good strategies are, as in `.9958`.
  static func thousandths(_ value: Double) -> String {
    let text = decimal(value, places: value >= 0.99 && value < 1 ? 4 : 3)
    if text.hasPrefix("−0.") { return "−" + text.dropFirst(2) }
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }

  /// A count, as in `31.0M`.
  static func count(_ value: Int) -> String {
    let size = Double(value)
    switch value.magnitude {
    case 10_000_000_000...: return decimal(size / 1e9, places: 1) + "G"
    case 1_000_000_000...: return decimal(size / 1e9, places: 2) + "G"
    case 10_000_000...: return decimal(size / 1e6, places: 1) + "M"
    case 1_000_000...: return decimal(size / 1e6, places: 2) + "M"
    case 10_000...: return decimal(size / 1e3, places: 0) + "k"
    case 1_000...: return decimal(size / 1e3, places: 1) + "k"
    default: return "\(value)"
    }
  }

  /// An accuracy with its images and its 95 % interval, as in `92.60 % of 1000 images (95 %: 90.8–94.1)`.
  static func accuracy(_ accuracy: Accuracy) -> String {
    let interval = accuracy.interval
    return "\(decimal(accuracy.fraction * 100, places: 2)) % of \(accuracy.images) images"
      + " (95 %: \(decimal(interval.lowerBound * 100, places: 1))–"
      + "\(decimal(interval.upperBound * 100, places: 1)))"
  }
}
