/// Something that was done or happened.
package struct LogEntry: Hashable, Sendable {
  /// Episodes that had ended by then.
  package let episodes: Int
  /// What it was.
  package let notice: Notice
}

extension ExplorerState {
  /// Entries beyond this number are forgotten, the oldest first.
  private static let logLimit = 1000

  /// Remembers what was done.
  mutating func record(_ notice: Notice) {
    if log.count >= Self.logLimit { log.removeFirst(Self.logLimit / 10) }
    log.append(LogEntry(episodes: episodes.count, notice: notice))
  }
}
