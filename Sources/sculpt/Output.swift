internal import Formats
internal import Foundation

/// Prints `value` as one line of JSON with sorted keys.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Prints a report, an object, together with how the model was read.
func printJSON(_ report: some Encodable, _ reading: ModelReading) throws {
  try printJSON(ReportWithReading(report: report, reading: reading))
}

/// The members of a report and one more.
private struct ReportWithReading<Report: Encodable>: Encodable {
  let report: Report
  let reading: ModelReading

  private enum Key: String, CodingKey { case reading }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(reading, forKey: .reading)
  }
}

/// A line on standard error that the next one replaces, which is nothing when that is no terminal.
struct ProgressLine: Sendable {
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// Shows `text` in place of what was shown before.
  func show(_ text: String) {
    guard isTerminal else { return }
    FileHandle.standardError.write(Data("\r\u{1b}[K\(text)".utf8))
  }

  /// A line that stays, for whoever reads standard error later; nothing when that is a terminal.
  func log(_ text: String) {
    guard !isTerminal else { return }
    note("sculpt: \(text)")
  }

  /// Removes the line.
  func clear() { show("") }

  /// A line on standard error that stays, whatever that is.
  func note(_ text: String) {
    clear()
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }
}

extension Int {
  /// Thousands apart: `31,021,952`.
  var grouped: String {
    var digits = String(magnitude)
    var end = digits.count - 3
    while end > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: end))
      end -= 3
    }
    return (self < 0 ? "-" : "") + digits
  }
}

extension Int {
  /// The share of a whole; all of nothing.
  func share(of whole: Int) -> Double { whole == 0 ? 1 : Double(self) / Double(whole) }
}

extension Int {
  /// Bytes as in `1.4 MB`.
  var megabytes: String { String(format: "%.1f MB", Double(self) / 1e6) }
}

extension Double {
  /// As in `93.56 %`.
  var percent: String { String(format: "%.2f %%", self * 100) }

  /// With so many places behind the point.
  func decimals(_ places: Int) -> String { String(format: "%.\(places)f", self) }
}

extension String {
  /// Filled up with spaces on the right.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }

  /// Filled up with spaces on the left.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}
