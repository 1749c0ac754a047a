internal import CNcurses

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension Terminal {
  /// Leaves the screen, stops the process as ^Z does elsewhere, and takes the screen again.
  ///
  /// Returns when the process is continued; a `.resize` event follows.
  public func suspend() {
    guard isOpen else { return }
    leave()
    cn_stop_process()
    _ = input.signals.drain()
    enter()
    readSize()
  }

  /// Takes the screen: modes on, standard error redirected, crashes prepared for.
  func enter() {
    capture = .begin()
    let reset = Terminal.resetSequence()
    cn_arm(reset, reset.utf8.count, capture?.original ?? -1, capture?.file ?? -1)
    screen.forgetContent()
    cn_clear()
    cn_redraw_all()
    // ncurses forgets the keypad's mode when it leaves the screen.
    if let keypad = cn_capability("smkx") { send(Terminal.withoutPadding(String(cString: keypad))) }
    send(ControlSequences.pasteOn)
    if usesMouse { send(ControlSequences.mouseOn) }
    cn_update()
  }

  /// Gives the screen back: modes off, standard error replayed.
  func leave() {
    send(ControlSequences.mouseOff + ControlSequences.pasteOff)
    cn_cursor(true, 0, 0)
    cn_end()
    cn_disarm()
    capture?.end()
    capture = nil
  }

  /// Another process may have changed the terminal while this one was stopped.
  func recover() {
    leave()
    enter()
    readSize()
  }

  /// Asks the terminal for its size and announces it.
  func readSize() {
    var window = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 {
      size = Size(width: Int(window.ws_col), height: Int(window.ws_row))
      cn_resize(Int32(window.ws_row), Int32(window.ws_col))
    }
    screen.forgetContent()
    cn_clear()
    cn_redraw_all()
    input.queueResize(size)
  }

  /// The bytes that a crash handler writes: all modes off, the main screen, a visible cursor.
  private static func resetSequence() -> String {
    var described = ""
    for name in ["sgr0", "cnorm", "rmkx", "rmcup"] {
      guard let sequence = cn_capability(name) else { continue }
      described += withoutPadding(String(cString: sequence))
    }
    return ControlSequences.endUpdate + ControlSequences.mouseOff + ControlSequences.pasteOff
      + described
  }

  /// Capabilities may hold delays, written `$<5>`.
  private static func withoutPadding(_ capability: String) -> String {
    var result = ""
    var rest = capability[...]
    while let start = rest.firstIndex(of: "$") {
      result += rest[..<start]
      guard rest[start...].hasPrefix("$<"), let end = rest[start...].firstIndex(of: ">") else {
        return result + rest[start...]
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
