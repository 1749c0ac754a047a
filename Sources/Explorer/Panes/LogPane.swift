internal import TerminalKit

/// Actions and events, latest first, each with the episodes that had ended by then.
struct LogPane: Widget {
  let log: [LogEntry]
  let scroll: Int

  init(_ log: [LogEntry], scroll: Int = 0) {
    self.log = log
    self.scroll = scroll
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    guard !log.isEmpty else {
      frame.put("nothing was done yet", in: rect.row(0), style: .muted)
      return
    }
    let offset = min(scroll, max(0, height(columns: rect.width) - rect.height))
    let lines = lines(columns: rect.width).dropFirst(offset).prefix(rect.height)
    for (row, line) in lines.enumerated() { frame.put(line, in: rect.row(row)) }
  }

  /// The rows that everything takes.
  func height(columns: Int) -> Int { lines(columns: columns).count }

  /// The entries, broken where they have no room in one row.
  private func lines(columns: Int) -> some Collection<[Span]> {
    log.reversed().lazy.flatMap { entry -> [[Span]] in
      let (mark, style): (String, Style) =
        entry.notice.kind == .failure ? ("✗ ", Style(.bad)) : ("  ", .plain)
      let head = [Span("ep \(entry.episodes)".padded(to: 8), .muted), Span(mark, style)]
      let rest = Span("".padded(to: head.displayWidth))
      let texts = entry.notice.text.wrapped(toColumns: max(8, columns - head.displayWidth))
      return texts.enumerated().map { row, text in
        (row == 0 ? head : [rest]) + [Span(text, style)]
      }
    }
  }
}

/// The same over the panes, where they leave no room for it.
struct LogView: Widget {
  let log: [LogEntry]
  let scroll: Int

  private static let columns = 88

  func draw(on frame: inout Frame, in rect: Rect) {
    let height = LogPane(log).height(columns: Self.columns)
    let size = Size(width: Self.columns + 4, height: max(5, height + 2))
    let inner = Dialog.box(title: "─ Actions so far ", on: &frame, in: rect.centred(size))
    frame.draw(LogPane(log, scroll: scroll), in: inner)
  }
}
