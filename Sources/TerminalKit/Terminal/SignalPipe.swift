internal import CNcurses

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The pipe into which signal handlers write the number of the signal.
final class SignalPipe: Sendable {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws(TerminalError) {
    var ends: [Int32] = [-1, -1]
    guard cn_pipe(&ends) == 0 else { throw .system("no pipe: too many open files") }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  // The ends stay open: a signal may be on its way to the handler while this goes.

  /// The signals that came, each once, in the order of their first arrival.
  func drain() -> [Int32] {
    var signals: [Int32] = []
    var bytes = [UInt8](repeating: 0, count: 64)
    while case let count = read(readEnd, &bytes, bytes.count), count > 0 {
      for signal in bytes.prefix(count).map(Int32.init) where !signals.contains(signal) {
        signals.append(signal)
      }
    }
    return signals
  }
}
