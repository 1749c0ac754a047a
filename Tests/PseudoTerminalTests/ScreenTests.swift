import Foundation
import PseudoTerminal
import Testing

@Suite struct ScreenTests {
  /// What a program wrote and what tmux shows of it; made by `Fixtures/make-screens.py`.
  struct Case: Decodable, Sendable, CustomStringConvertible {
    var text: String
    var lines: [String]
    var cursor: [Int]

    var description: String { text.debugDescription }

    static func all() throws -> [Case] {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/screens.json")
      return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    }
  }

  @Test func itShowsWhatTmuxShows() throws {
    for sample in try Case.all() {
      var screen = Screen(columns: 20, rows: 6)
      screen.write(sample.text.utf8)
      #expect(screen.lines == sample.lines, "\(sample)")
      #expect([screen.cursor.column, screen.cursor.row] == sample.cursor, "\(sample)")
      #expect(screen.unknown == [], "\(sample)")
    }
  }

  @Test func piecesDoNotMatter() throws {
    for sample in try Case.all() {
      var whole = Screen(columns: 20, rows: 6)
      whole.write(sample.text.utf8)
      var cut = Screen(columns: 20, rows: 6)
      for byte in sample.text.utf8 { cut.write([byte]) }
      #expect(cut.lines == whole.lines)
      #expect(cut.modes == whole.modes)
    }
  }

  @Test func modesAreThoseThatWereSet() {
    var screen = Screen(columns: 80, rows: 24)
    let before = screen.modes
    screen.write("\u{1B}[?1049h\u{1B}[?1h\u{1B}=\u{1B}[?25l\u{1B}[?1000;1002;1006h".utf8)
    screen.write("\u{1B}[?2004h\u{1B}[?2026h".utf8)
    #expect(screen.modes.isAlternate && !screen.modes.showsCursor)
    #expect(screen.modes.hasApplicationCursor && screen.modes.hasApplicationKeypad)
    #expect(screen.modes.mouse == [1000, 1002] && screen.modes.hasDecimalMouse)
    #expect(screen.modes.marksPaste && screen.modes.isUpdating)
    screen.write("\u{1B}[?2026l\u{1B}[?2004l\u{1B}[?1006;1002;1000l\u{1B}[?25h".utf8)
    screen.write("\u{1B}[?1l\u{1B}>\u{1B}[?1049l".utf8)
    #expect(screen.modes == before)
  }

  @Test func pensFollowSGR() {
    var screen = Screen(columns: 10, rows: 1)
    screen.write(
      "\u{1B}[1;31;48;5;200ma\u{1B}[0;38;2;1;2;3mb\u{1B}[7;92;38:2::4:5:6mc\u{1B}[md".utf8)
    #expect(screen.pen(column: 0, row: 0).attributes == [.bold])
    #expect(screen.pen(column: 0, row: 0).foreground == .indexed(1))
    #expect(screen.pen(column: 0, row: 0).background == .indexed(200))
    #expect(screen.pen(column: 1, row: 0).foreground == .rgb(0x010203))
    #expect(screen.pen(column: 2, row: 0).attributes == [.reverse])
    #expect(screen.pen(column: 2, row: 0).foreground == .rgb(0x040506))
    #expect(screen.pen(column: 3, row: 0) == Pen())
    #expect(screen.lines == ["abcd"])
  }

  @Test func theMainScreenComesBack() {
    var screen = Screen(columns: 10, rows: 3)
    screen.write("before\r\n\u{1B}[?1049h\u{1B}[2J\u{1B}[Hother".utf8)
    screen.resize(columns: 1, rows: 1)
    screen.resize(columns: 10, rows: 3)
    #expect(screen.lines == ["o", "", ""])
    screen.write("\u{1B}[?1049l".utf8)
    #expect(screen.lines == ["before", "", ""])
    #expect(screen.cursor == (0, 1))
  }

  @Test func whatItDoesNotKnowIsTold() {
    var screen = Screen(columns: 10, rows: 1)
    screen.write("\u{1B}[?9999ha\u{1B}[5zb\u{1B}]52;c;YQ==\u{07}c".utf8)
    #expect(screen.lines == ["abc"])
    #expect(screen.unknown.count == 2)
    #expect(screen.commands == ["52;c;YQ=="])
  }
}
