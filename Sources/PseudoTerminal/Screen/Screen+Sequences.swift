extension Screen {
  /// Carries out a control sequence (xterm's ctlseqs).
  mutating func follow(_ sequence: ControlSequence) {
    switch sequence.marks {
    case "": standard(sequence)
    case "?" where sequence.final == "h" || sequence.final == "l":
      for index in sequence.parameters.indices {
        setPrivate(sequence.number(index), sequence.final == "h")
      }
    // The shape of the cursor on the Linux console; a soft reset.
    case "?" where sequence.final == "c": break
    case "!" where sequence.final == "p": modes.inserts = false
    default: unknown.append("\(sequence)")
    }
  }

  private mutating func standard(_ sequence: ControlSequence) {
    let count = sequence.count
    switch sequence.final {
    case "A": grid.move(row: grid.row - count)
    case "B", "e": grid.move(row: grid.row + count)
    case "C", "a": grid.move(toColumn: grid.column + count)
    case "D": grid.move(toColumn: grid.column - count)
    case "E": grid.move(toColumn: 0, row: grid.row + count)
    case "F": grid.move(toColumn: 0, row: grid.row - count)
    case "G", "`": grid.move(toColumn: count - 1)
    case "d": place(row: count - 1)
    case "H", "f": place(column: max(1, sequence.number(1, or: 1)) - 1, row: count - 1)
    case "Z": grid.move(toColumn: ((grid.column + 7) / 8 - count) * 8)
    case "J": eraseScreen(sequence.number())
    case "K": eraseLine(sequence.number())
    case "X": grid.erase(row: grid.row, grid.column..<grid.column + count, pen: pen)
    case "@": grid.insert(count, pen: pen)
    case "P": grid.delete(count, pen: pen)
    case "L" where grid.margins.contains(grid.row): grid.scroll(-count, from: grid.row, pen: pen)
    case "M" where grid.margins.contains(grid.row): grid.scroll(count, from: grid.row, pen: pen)
    case "L", "M": break
    case "S": grid.scroll(count, pen: pen)
    case "T": grid.scroll(-count, pen: pen)
    case "b":
      for _ in 0..<min(count, columns * rows) {
        grid.put(lastCharacter, pen: pen, wraps: modes.wraps, inserts: modes.inserts)
      }
    case "m": if !pen.follow(sequence) { unknown.append("\(sequence)") }
    case "r":
      let (top, bottom) = (sequence.count, sequence.number(1, or: rows))
      if grid.setMargins(top - 1..<max(top, bottom)) { place(column: 0, row: 0) }
    case "h", "l":
      // 34: how visible the cursor is, in tmux's and screen's terminfo.
      for index in sequence.parameters.indices where sequence.number(index) != 34 {
        if sequence.number(index) == 4 {
          modes.inserts = sequence.final == "h"
        } else {
          unknown.append("\(sequence)")
        }
      }
    case "s": saved = (grid.column, grid.row, pen)
    case "u": restoreCursor()
    // The window's title is kept and taken back.
    case "t" where [22, 23].contains(sequence.number()): break
    default: unknown.append("\(sequence)")
    }
  }

  /// Places the cursor, in rows of the margins where that is the origin.
  private mutating func place(column: Int? = nil, row: Int) {
    guard modes.isOriginRelative else { return grid.move(toColumn: column, row: row) }
    let margins = grid.margins
    grid.move(toColumn: column, row: min(margins.lowerBound + row, margins.upperBound - 1))
  }

  private mutating func eraseScreen(_ what: Int) {
    if what == 0 { eraseLine(0) }
    if what == 1 { eraseLine(1) }
    switch what {
    case 0: grid.erase(rows: grid.row + 1..<max(grid.row + 1, rows), pen: pen)
    case 1: grid.erase(rows: 0..<grid.row, pen: pen)
    default: grid.erase(rows: 0..<rows, pen: pen)
    }
  }

  private mutating func eraseLine(_ what: Int) {
    let range =
      switch what {
      case 0: grid.column..<columns
      case 1: 0..<grid.column + 1
      default: 0..<columns
      }
    grid.erase(row: grid.row, range, pen: pen)
  }

  private mutating func setPrivate(_ mode: Int, _ isOn: Bool) {
    switch mode {
    case 1: modes.hasApplicationCursor = isOn
    case 6:
      modes.isOriginRelative = isOn
      place(column: 0, row: 0)
    case 7: modes.wraps = isOn
    // Blinking of the cursor, keys with alt; whether columns change.
    case 3, 4, 12, 1034: break
    case 25: modes.showsCursor = isOn
    case 1000, 1002, 1003: if isOn { modes.mouse.insert(mode) } else { modes.mouse.remove(mode) }
    case 1006: modes.hasDecimalMouse = isOn
    case 1049: showAlternate(isOn)
    case 2004: modes.marksPaste = isOn
    case 2026: modes.isUpdating = isOn
    default: unknown.append("mode \(mode)")
    }
  }

  private mutating func showAlternate(_ isOn: Bool) {
    guard isOn != modes.isAlternate else { return }
    modes.isAlternate = isOn
    if isOn {
      saved = (grid.column, grid.row, pen)
      hidden = grid
      grid.erase(rows: 0..<rows, pen: Pen())
    } else if var main = hidden {
      let margins = grid.margins
      main.resize(columns: columns, rows: rows)
      _ = main.setMargins(margins)
      (grid, hidden) = (main, nil)
      restoreCursor()
    }
  }
}
