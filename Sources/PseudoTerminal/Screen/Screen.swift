/// The screen of a terminal like xterm: what a program has written, as a person sees it.
public struct Screen: Sendable {
  /// The modes that a program can switch, and must switch back.
  public struct Modes: Hashable, Sendable {
    /// Whether the other screen is shown, which has no history.
    public var isAlternate = false
    /// Whether the cursor is seen.
    public var showsCursor = true
    /// Whether arrow keys send `ESC O` (DECCKM).
    public var hasApplicationCursor = false
    /// Whether the keypad sends sequences (DECKPAM).
    public var hasApplicationKeypad = false
    /// Whether characters push others to the right.
    public var inserts = false
    /// Whether rows count from the upper margin.
    public var isOriginRelative = false
    /// Whether lines go on in the next row.
    public var wraps = true
    /// Whether presses of the mouse (1000), its drags (1002), all of its moves (1003) are told.
    public var mouse: Set<Int> = []
    /// Whether they are told in decimal numbers (1006).
    public var hasDecimalMouse = false
    /// Whether pasted text is marked as such (2004).
    public var marksPaste = false
    /// Whether drawing is held until the frame is complete (2026).
    public var isUpdating = false

    /// As terminals begin.
    public init() {}
  }

  /// The modes that are on.
  public internal(set) var modes = Modes()
  /// Sequences that this screen does not know; empty if all was understood.
  public internal(set) var unknown: [String] = []
  /// Operating system commands, such as `52;c;…` for the clipboard.
  public internal(set) var commands: [String] = []
  var grid: CellGrid
  /// The main screen, while the alternate one is shown.
  var hidden: CellGrid?
  var pen = Pen()
  var saved: (column: Int, row: Int, pen: Pen) = (0, 0, Pen())
  var lastCharacter: Unicode.Scalar = " "
  /// Whether G0 and G1 hold lines (DEC special graphics) in place of ASCII, and which of them is in use.
  var hasLines = [false, false]
  var charset = 0
  private var parser = SequenceParser()

  /// An empty screen.
  public init(columns: Int, rows: Int) {
    grid = CellGrid(columns: columns, rows: rows)
  }

  /// How many columns there are.
  public var columns: Int { grid.columns }
  /// How many rows there are.
  public var rows: Int { grid.rows }
  /// The cursor, counted from 0.
  public var cursor: (column: Int, row: Int) { (grid.column, grid.row) }
  /// The rows as text, blanks at their ends left out.
  public var lines: [String] { grid.lines }

  /// How the character at a place is drawn.
  public func pen(column: Int, row: Int) -> Pen { grid.cells[row][column].pen }

  /// Rows and columns are added or cut at the bottom and the right.
  public mutating func resize(columns: Int, rows: Int) {
    grid.resize(columns: columns, rows: rows)
  }

  /// Takes what a program has written.
  public mutating func write(_ bytes: some Sequence<UInt8>) {
    for part in parser.parts(of: bytes) {
      switch part {
      case .character(let scalar): draw(scalar)
      case .control(let byte): control(byte)
      case .escape(let text): escape(text)
      case .sequence(let sequence): follow(sequence)
      case .command(let text): commands.append(text)
      case .string(let text): unknown.append("string \(text)")
      }
    }
  }

  private mutating func draw(_ scalar: Unicode.Scalar) {
    let drawn = hasLines[charset] ? Self.line(scalar) : scalar
    grid.put(drawn, pen: pen, wraps: modes.wraps, inserts: modes.inserts)
    lastCharacter = drawn
  }

  /// DEC special graphics, those of lines and of shades.
  private static func line(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let names: [Unicode.Scalar: Unicode.Scalar] = [
      "j": "┘", "k": "┐", "l": "┌", "m": "└", "n": "┼", "q": "─", "t": "├", "u": "┤", "v": "┴",
      "w": "┬", "x": "│", "a": "▒", "`": "◆", "~": "·", "f": "°", "g": "±",
    ]
    return names[scalar] ?? scalar
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x00, 0x07: break
    case 0x08: grid.move(toColumn: grid.column - 1)
    case 0x09: grid.move(toColumn: (grid.column / 8 + 1) * 8)
    case 0x0A, 0x0B, 0x0C: grid.index()
    case 0x0D: grid.move(toColumn: 0)
    case 0x0E: charset = 1
    case 0x0F: charset = 0
    default: unknown.append("control \(byte)")
    }
  }

  private mutating func escape(_ text: String) {
    switch text {
    case "7": saved = (grid.column, grid.row, pen)
    case "8": restoreCursor()
    case "=": modes.hasApplicationKeypad = true
    case ">": modes.hasApplicationKeypad = false
    case "D": grid.index()
    case "E":
      grid.move(toColumn: 0)
      grid.index()
    case "M": grid.reverseIndex()
    case "(0": hasLines[0] = true
    case "(B": hasLines[0] = false
    case ")0": hasLines[1] = true
    case ")B": hasLines[1] = false
    case "c": self = Screen(columns: columns, rows: rows)
    default: unknown.append("ESC \(text)")
    }
  }

  mutating func restoreCursor() {
    grid.move(toColumn: saved.column, row: saved.row)
    pen = saved.pen
  }
}
