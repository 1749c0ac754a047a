/// Something that was done or happened.
package struct LogEntry: Hashable, Sendable, Codable {
  /// Episodes that had ended by then.
  package let episodes: Int
  /// The line about it.
  package let notice: Notice
}
