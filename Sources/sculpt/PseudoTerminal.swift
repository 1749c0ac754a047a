internal import Foundation

/// A program on a terminal that this process plays: what it writes is read, keys are typed.
final class PseudoTerminal {
  /// Everything written since the last `forget()`.
  private(set) var written: [UInt8] = []
  private let process = Process()
  private let terminal: Int32
  private let clock = ContinuousClock()

  /// Starts a program on a terminal of that size.
  /// - Throws: `TerminalFailure` if there is no terminal to be had, or no such program.
  init(
    _ program: String, _ arguments: [String], columns: Int, rows: Int, environment: [String: String]
  )
    throws
  {
    var (own, other) = (Int32(-1), Int32(-1))
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&own, &other, nil, nil, &size) == 0 else {
      throw TerminalFailure("no pseudo-terminal can be had here")
    }
    // Not for children: the terminal ends with this process.
    _ = fcntl(own, F_SETFD, FD_CLOEXEC)
    terminal = own
    let handle = FileHandle(fileDescriptor: other, closeOnDealloc: true)
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = handle
    process.standardOutput = handle
    process.standardError = FileHandle.nullDevice
    process.environment = environment
    do { try process.run() } catch { throw TerminalFailure("\(program) cannot be started") }
  }

  deinit {
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    close(terminal)
  }

  /// The program's process.
  var identifier: Int32 { process.processIdentifier }

  /// Types text or keys.
  func type(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = bytes.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
  }

  /// Forgets what was written.
  func forget() { written = [] }

  /// Reads what is there, after at most `patience`; returns whether there was anything.
  @discardableResult
  func read(patience: Duration) -> Bool {
    var source = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    let (seconds, attoseconds) = patience.components
    let milliseconds = Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    guard poll(&source, 1, milliseconds) > 0, source.revents & Int16(POLLIN) != 0 else {
      return false
    }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = Foundation.read(terminal, &bytes, bytes.count)
    guard count > 0 else { return false }
    written += bytes[..<count]
    return true
  }

  /// Reads until `condition` holds for what was written.
  /// - Returns: how long that took.
  /// - Throws: `TerminalFailure` if it does not within `limit`, or the program ends.
  @discardableResult
  func wait(
    for what: String, limit: Duration = .seconds(60), until condition: ([UInt8]) -> Bool
  ) throws -> Duration {
    let start = clock.now
    while !condition(written) {
      guard clock.now - start < limit, process.isRunning else {
        throw TerminalFailure("waited in vain for \(what)")
      }
      read(patience: .milliseconds(100))
    }
    return clock.now - start
  }

  /// Reads until nothing has been written for a while.
  func settle(quiet: Duration = .seconds(2), limit: Duration = .seconds(180)) throws {
    let start = clock.now
    while read(patience: quiet) {
      guard clock.now - start < limit else {
        throw TerminalFailure("the screen does not come to rest")
      }
      forget()
    }
  }
}

/// Why the screen could not be measured: one line.
struct TerminalFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
