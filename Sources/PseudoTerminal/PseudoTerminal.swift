internal import CPseudoTerminal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A program on a terminal that this process plays: what it writes is read, keys are typed.
///
/// The program leads a session that the terminal controls, so that ^Z and ^C do what they do elsewhere.
public final class PseudoTerminal {
  /// The program.
  public let process: ChildProcess
  /// Everything written since the last `forget()`.
  public private(set) var written: [UInt8] = []
  /// Whether nobody is left who could write.
  public private(set) var isAtEnd = false
  /// The terminal's settings before the program had it.
  public let settingsBefore: [UInt32]
  private let terminal: Int32
  private let clock = ContinuousClock()

  /// Starts a program on a terminal of that size.
  /// - Parameter errors: the file that gets its standard error; nil for the terminal.
  /// - Throws: `TerminalFailure` if there is no terminal to be had, or no such program.
  public init(
    _ launch: ChildProcess.Launch, columns: Int, rows: Int, errors: String? = nil
  ) throws(TerminalFailure) {
    var name = [CChar](repeating: 0, count: 128)
    let terminal = cp_open_terminal(Int32(rows), Int32(columns), &name, name.count)
    guard terminal >= 0 else { throw TerminalFailure("no pseudo-terminal can be had here") }
    settingsBefore = Self.settings(of: terminal)
    var file: Int32?
    defer { if let file { close(file) } }
    do throws(TerminalFailure) {
      if let errors {
        let opened = open(errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw TerminalFailure("\(errors) cannot be written") }
        file = opened
      }
      process = try name.withUnsafeBufferPointer { name throws(TerminalFailure) in
        try ChildProcess(
          launch, terminal: name.baseAddress.map(String.init(cString:)), errors: file)
      }
    } catch {
      close(terminal)
      throw error
    }
    self.terminal = terminal
  }

  deinit { close(terminal) }

  /// Types text or keys.
  public func type(_ keys: String) {
    var bytes = Array(keys.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return }
      bytes = bytes.dropFirst(max(0, count))
    }
  }

  /// Gives the terminal another size.
  public func resize(columns: Int, rows: Int) {
    _ = cp_resize(terminal, Int32(rows), Int32(columns))
  }

  /// The terminal's settings (stty): modes, speeds and control characters.
  public var settings: [UInt32] { Self.settings(of: terminal) }

  private static func settings(of terminal: Int32) -> [UInt32] {
    var settings = termios()
    guard tcgetattr(terminal, &settings) == 0 else { return [] }
    return [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag].map {
      UInt32(truncatingIfNeeded: $0)
    } + withUnsafeBytes(of: settings.c_cc) { $0.map(UInt32.init) }
  }

  /// Forgets what was written.
  public func forget() { written = [] }

  /// Reads what is there, after at most `patience`; returns whether there was anything.
  @discardableResult
  public func read(patience: Duration) -> Bool {
    var source = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    let (seconds, attoseconds) = max(patience, .zero).components
    let milliseconds = Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    guard !isAtEnd, poll(&source, 1, milliseconds) > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let length = bytes.count
    #if canImport(Glibc)
      let count = Glibc.read(terminal, &bytes, length)
    #else
      let count = Darwin.read(terminal, &bytes, length)
    #endif
    guard count > 0 else {
      isAtEnd = ![EINTR, EAGAIN].contains(errno) || count == 0
      return false
    }
    written += bytes[..<count]
    return true
  }

  /// Reads until `condition` holds for what was written.
  /// - Returns: how long that took.
  /// - Throws: `TerminalFailure` if it does not within `limit`, or the program ends.
  @discardableResult
  public func wait(
    for what: String, limit: Duration = .seconds(60), until condition: ([UInt8]) -> Bool
  ) throws(TerminalFailure) -> Duration {
    let start = clock.now
    while !condition(written) {
      let left = start + limit - clock.now
      guard left > .zero, !isAtEnd else { throw TerminalFailure("waited in vain for \(what)") }
      read(patience: left)
    }
    return clock.now - start
  }

  /// Reads until nothing has been written for a while.
  public func settle(
    quiet: Duration = .seconds(2), limit: Duration = .seconds(180)
  ) throws(TerminalFailure) {
    let start = clock.now
    while read(patience: quiet) {
      guard clock.now - start < limit else {
        throw TerminalFailure("the screen does not come to rest")
      }
      forget()
    }
  }
}
