internal import CNcurses

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The terminal on standard input and output: shows frames, waits for events.
///
/// From `init` to `close()` the program owns the screen. Whatever ends it in between (a signal, a crash,
/// `exit`), the terminal is left as it was. There can be one at a time.
@MainActor
public final class Terminal {
  /// How many colours it shows.
  public let depth: ColorDepth
  /// The characters to draw frames with: those asked for, or ASCII where no locale has them.
  public let glyphs: GlyphSet
  /// Wakes `nextEvent` from any thread.
  public let waker: Waker
  /// Columns and rows of the screen.
  public internal(set) var size: Size
  /// The colours; a new theme is seen at the next `present`.
  public var theme: Theme {
    didSet { if theme != oldValue { screen.forgetStyles() } }
  }
  /// Whether the mouse is reported; off, the terminal's own selection works.
  public var usesMouse: Bool {
    didSet {
      guard usesMouse != oldValue, isOpen else { return }
      send(usesMouse ? ControlSequences.mouseOn : ControlSequences.mouseOff)
    }
  }

  package private(set) var isOpen = true
  var screen: ScreenState
  var capture: StandardErrorCapture?
  var input: InputState

  /// Takes over the terminal.
  ///
  /// Throws `TerminalError`, and leaves everything untouched, if a full screen is impossible.
  public init(options: Options) throws(TerminalError) {
    guard isatty(STDIN_FILENO) == 1 else { throw .notATerminal("standard input") }
    guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal("standard output") }
    let (name, colors) = try Terminal.description(environment: options.environment)
    let pipe = try WakePipe()
    input = try InputState(wakePipe: pipe)
    waker = Waker(pipe: pipe)

    let isUTF8 = cn_set_locale(options.glyphs != .ascii)
    glyphs = isUTF8 ? options.glyphs : .ascii
    cn_save_settings()
    cn_remember_signals()
    guard cn_start(name) else { throw .system("ncurses cannot start for TERM=\(name)") }
    let available = ColorDepth.detect(colors: colors, environment: options.environment)
    depth = min(options.depth ?? available, available)
    size = Size(width: Int(cn_columns()), height: Int(cn_rows()))
    theme = options.theme
    usesMouse = options.usesMouse
    screen = ScreenState(pairs: PairTable(capacity: Int(cn_color_pairs())))
    input.decoder = InputDecoder(extraKeys: Terminal.describedKeys())
    cn_catch_signals(input.signals.writeEnd)
    enter()
  }

  isolated deinit { close() }

  /// Gives the terminal back as it was. Further calls do nothing.
  public func close() {
    guard isOpen else { return }
    leave()
    isOpen = false
    cn_stop()
    cn_restore_settings(usesMouse)
    cn_restore_signals()
  }

  /// Puts text into the clipboard of the terminal (OSC 52); false if it is too long for that.
  ///
  /// Terminals do not say whether they obey.
  @discardableResult
  public func copy(_ text: String) -> Bool {
    guard isOpen, let sequence = Clipboard.sequence(for: text) else { return false }
    send(sequence)
    return true
  }

  /// The best usable terminal description and its number of colours.
  private static func description(
    environment: [String: String]
  ) throws(TerminalError) -> (name: String, colors: Int) {
    let term = environment["TERM"] ?? ""
    guard !term.isEmpty else { throw .noTerm }
    for name in TerminalKind.candidates(term: term, environment: environment) {
      var colors: Int32 = 0
      switch cn_probe(name, &colors) {
      case 0: return (name, Int(colors))
      case 1 where name == term: throw .unknownTerm(term)
      case 2 where name == term: throw .incapableTerm(term)
      default: continue
      }
    }
    throw .unknownTerm(term)
  }

  private static func describedKeys() -> [[UInt8]: Key] {
    var keys: [[UInt8]: Key] = [:]
    for (name, key) in KeySequences.capabilities {
      guard let sequence = cn_capability(name) else { continue }
      keys[Array(String(cString: sequence).utf8)] = key
    }
    return keys
  }

  /// Writes past ncurses, at once. ncurses holds nothing back between updates, so the order is kept.
  func send(_ sequence: String) {
    var bytes = Array(sequence.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return }
      bytes = bytes.dropFirst(max(0, count))
    }
  }
}
