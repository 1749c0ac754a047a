internal import CNcurses
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Wakes the terminal's event loop from any thread.
///
/// Calls before the loop has answered count as one.
public struct Waker: Sendable {
  private let pipe: WakePipe

  package init(pipe: WakePipe) {
    self.pipe = pipe
  }

  /// Makes the next `Terminal.nextEvent` return `.wake`.
  public func wake() { pipe.signal() }
}

/// A pipe that holds at most one byte; closed with its last user, so that a late wake is harmless.
package final class WakePipe: Sendable {
  package let readEnd: Int32
  private let writeEnd: Int32
  private let isPending = Atomic<Bool>(false)

  package init() throws(TerminalError) {
    var ends: [Int32] = [-1, -1]
    guard cn_pipe(&ends) == 0 else { throw .system("no pipe: too many open files") }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  package func signal() {
    guard !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }

  /// Takes what waits; returns whether there was anything.
  package func drain() -> Bool {
    var byte: UInt8 = 0
    let count = read(readEnd, &byte, 1)
    isPending.store(false, ordering: .releasing)
    return count == 1
  }
}
