internal import GRDB
internal import Synchronization

/// A connection to a run's file, closed when nobody holds it any more.
///
/// The remains of a closed connection are kept for good: to free them would set libdispatch going, which looks
/// after its threads once a second from then on, in a program that is to be asleep.
final class RunConnection: Sendable {
  private let queue: DatabaseQueue
  private static let closed = Mutex<[DatabaseQueue]>([])

  /// Opens a file, or makes it; a new one has a write-ahead log.
  init(_ path: String, isNew: Bool = false) throws {
    var configuration = Configuration()
    if isNew { configuration.journalMode = .wal }
    // Another one may be writing a name, a note or a memory.
    configuration.busyMode = .timeout(5)
    queue = try DatabaseQueue(path: path, configuration: configuration)
  }

  deinit {
    try? queue.close()
    Self.closed.withLock { [queue] in $0.append(queue) }
  }

  /// Reads.
  func read<Value>(_ value: (Database) throws -> Value) throws -> Value { try queue.read(value) }

  /// Writes, all or nothing.
  func write<Value>(_ updates: (Database) throws -> Value) throws -> Value {
    try queue.write(updates)
  }
}
