/// An event that a program waits for.
public enum Event: Hashable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// The mouse was used.
  case mouse(MouseEvent)
  /// Text was pasted: all of it, with `\n` between lines and without control characters.
  case paste(String)
  /// The screen has another size, or its content was lost: draw again.
  case resize(Size)
  /// A `Waker` was called.
  case wake
  /// The process received a signal.
  case signal(TerminalSignal)
  /// The terminal is gone; every further wait returns this at once.
  case endOfInput
}

/// A signal that the program decides about.
public enum TerminalSignal: Hashable, Sendable {
  /// SIGTERM: save and quit.
  case terminate
  /// SIGHUP: the terminal is closed; save and quit.
  case hangup
  /// SIGINT sent by another process (^C is a key): save and quit.
  case interrupt
  /// SIGTSTP sent by another process (^Z is a key): call `Terminal.suspend()`.
  case suspend

  /// The exit code of a program that it ends, 128 and its number; nil if it does not end it.
  public var exitCode: Int32? {
    switch self {
    case .terminate: 128 + 15
    case .hangup: 128 + 1
    case .interrupt: 128 + 2
    case .suspend: nil
    }
  }
}
