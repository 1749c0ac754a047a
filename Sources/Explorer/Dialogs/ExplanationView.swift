internal import TerminalKit

/// What a pane's words and marks mean, and those of the top line.
struct ExplanationView: Widget {
  let pane: Pane
  let scroll: Int

  func draw(on frame: inout Frame, in rect: Rect) {
    let width = min(rect.width, 92)
    // The frame and its margins.
    let lines = Self.lines(of: pane, columns: width - 4)
    let box = rect.centred(Size(width: width, height: lines.count + 2))
    let inner = Dialog.box(title: "─ What \(pane.title) shows ", on: &frame, in: box)
    let offset = min(scroll, max(0, lines.count - inner.height))
    for (row, line) in lines.dropFirst(offset).prefix(inner.height).enumerated() {
      frame.put(line, in: inner.row(row))
    }
    if offset + inner.height < lines.count {
      Dialog.noteMore(on: &frame, in: box)
    }
  }

  /// The most lines that there can be, which bounds the scrolling.
  static func lineCount(of pane: Pane) -> Int { lines(of: pane, columns: 30).count }

  private static func lines(of pane: Pane, columns: Int) -> [[Span]] {
    lines(Glossary.entries(of: pane), columns) + [[], [Span("Top line", .title)]]
      + lines(Glossary.header, columns)
  }

  private static func lines(_ entries: [Glossary.Entry], _ columns: Int) -> [[Span]] {
    let width = max(11, (entries.map(\.term.displayWidth).max() ?? 0) + 1)
    return entries.flatMap { entry in
      entry.meaning.wrapped(toColumns: max(8, columns - width)).enumerated().map { number, text in
        let term = number == 0 ? entry.term : ""
        let gap = String(repeating: " ", count: max(1, width - term.displayWidth))
        return [Span(term, .accent), Span(gap), Span(text)]
      }
    }
  }
}
