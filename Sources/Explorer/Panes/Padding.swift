internal import TerminalKit

extension String {
  /// The end of it, which tells one path from another, where not all has room.
  func tail(columns: Int) -> String {
    displayWidth <= columns ? self : "…" + suffix(max(0, columns - 1))
  }

  /// Filled up with spaces on the right.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - displayWidth))
  }

  /// Filled up with spaces on the left.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - displayWidth)) + self
  }
}
