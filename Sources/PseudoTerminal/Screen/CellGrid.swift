/// The cells of a screen, a cursor among them, and how both are moved.
struct CellGrid: Hashable, Sendable {
  /// A column of a row.
  struct Cell: Hashable, Sendable {
    /// The character with its marks; empty in the second half of a wide one.
    var text = " "
    var pen = Pen()
  }

  private(set) var columns: Int
  private(set) var rows: Int
  private(set) var cells: [[Cell]]
  private(set) var column = 0
  private(set) var row = 0
  /// The rows that scroll.
  private(set) var margins: Range<Int>
  /// Whether the last column was written: the next character goes to the next row.
  private var isPastEnd = false

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    margins = 0..<rows
    cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
  }

  /// Rows and columns are added or cut at the bottom and the right.
  mutating func resize(columns: Int, rows: Int) {
    let blank = Array(repeating: Cell(), count: columns)
    cells = (0..<rows).map { row in
      row < cells.count ? Array((cells[row] + blank).prefix(columns)) : blank
    }
    (self.columns, self.rows, margins) = (columns, rows, 0..<rows)
    move(toColumn: column, row: row)
  }

  /// The rows that scroll; fewer than two are none. Returns whether they were taken.
  mutating func setMargins(_ wanted: Range<Int>) -> Bool {
    let clamped = wanted.clamped(to: 0..<rows)
    guard clamped.count >= 2 else { return false }
    margins = clamped
    return true
  }

  mutating func move(toColumn column: Int? = nil, row: Int? = nil) {
    self.column = min(max(column ?? self.column, 0), columns - 1)
    self.row = min(max(row ?? self.row, 0), rows - 1)
    isPastEnd = false
  }

  /// The next row, scrolling at the lower margin.
  mutating func index() {
    if row == margins.upperBound - 1 { scroll(1) } else { move(row: row + 1) }
    isPastEnd = false
  }

  /// The row before, scrolling at the upper margin.
  mutating func reverseIndex() {
    if row == margins.lowerBound { scroll(-1) } else { move(row: row - 1) }
  }

  mutating func put(
    _ scalar: Unicode.Scalar, pen: Pen, wraps: Bool = true, inserts: Bool = false
  ) {
    let width = scalar.columns
    if width == 0 { return mark(scalar) }
    if wraps, isPastEnd || column + width > columns, columns >= width {
      column = 0
      index()
    }
    column = max(0, min(column, columns - width))
    if inserts { insert(width, pen: pen) }
    breakWide(at: column)
    if column + width < columns { breakWide(at: column + width) }
    cells[row][column] = Cell(text: String(scalar), pen: pen)
    if width == 2, column + 1 < columns { cells[row][column + 1] = Cell(text: "", pen: pen) }
    isPastEnd = column + width >= columns
    column = min(column + width, columns - 1)
  }

  /// A mark joins the character before it.
  private mutating func mark(_ scalar: Unicode.Scalar) {
    var place = isPastEnd ? column : column - 1
    if place > 0, cells[row][place].text.isEmpty { place -= 1 }
    if place >= 0 { cells[row][place].text.unicodeScalars.append(scalar) }
  }

  /// Half of a wide character is none.
  private mutating func breakWide(at column: Int) {
    guard column > 0, cells[row][column].text.isEmpty else { return }
    cells[row][column - 1].text = " "
    cells[row][column].text = " "
  }

  /// Blanks keep the colour behind them.
  private func blank(_ pen: Pen) -> Cell {
    var kept = Pen()
    kept.background = pen.background
    return Cell(pen: kept)
  }

  /// Erases from one place to another, both in reading order.
  mutating func erase(row: Int, _ columns: Range<Int>, pen: Pen) {
    for column in columns.clamped(to: 0..<self.columns) { cells[row][column] = blank(pen) }
  }

  mutating func erase(rows: Range<Int>, pen: Pen) {
    for row in rows.clamped(to: 0..<self.rows) { erase(row: row, 0..<columns, pen: pen) }
  }

  /// Moves the rest of the row to the right.
  mutating func insert(_ count: Int, pen: Pen) {
    let blanks = Array(repeating: blank(pen), count: min(count, columns - column))
    cells[row].insert(contentsOf: blanks, at: column)
    cells[row].removeLast(blanks.count)
  }

  /// Moves the rest of the row to the left.
  mutating func delete(_ count: Int, pen: Pen) {
    let count = min(count, columns - column)
    cells[row].removeSubrange(column..<column + count)
    cells[row] += Array(repeating: blank(pen), count: count)
  }

  /// Scrolls the rows between the margins up, or down if negative.
  mutating func scroll(_ count: Int, from top: Int? = nil, pen: Pen = Pen()) {
    let range = max(margins.lowerBound, top ?? margins.lowerBound)..<margins.upperBound
    guard !range.isEmpty else { return }
    let distance = min(abs(count), range.count)
    let blanks = Array(
      repeating: Array(repeating: blank(pen), count: columns), count: distance)
    let kept = count > 0 ? cells[range].dropFirst(distance) : cells[range].dropLast(distance)
    cells.replaceSubrange(range, with: count > 0 ? Array(kept) + blanks : blanks + Array(kept))
  }

  /// The rows as text, blanks at their ends left out.
  var lines: [String] {
    cells.map { row in
      var line = row.map(\.text).joined()
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

extension Unicode.Scalar {
  /// The columns that it takes: 0, 1 or 2 (UAX #11).
  fileprivate var columns: Int {
    guard value >= 0x300 else { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return properties.isEmojiPresentation ? 2 : 1
    }
  }
}
