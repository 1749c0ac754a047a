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
    let offset = min(scroll, max(0, log.count - rect.height))
    let entries = log.reversed().dropFirst(offset).prefix(rect.height)
    guard !entries.isEmpty else {
      frame.put("nothing was done yet", in: rect.row(0), style: .muted)
      return
    }
    for (row, entry) in entries.enumerated() {
      let (mark, style): (String, Style) =
        entry.notice.kind == .failure ? ("✗ ", Style(.bad)) : ("  ", .plain)
      frame.put(
        [
          Span("ep \(entry.episodes)".padded(to: 8), .muted), Span(mark, style),
          Span(entry.notice.text, style),
        ], in: rect.row(row))
    }
  }
}

/// The same over the panes, where they leave no room for it.
struct LogView: Widget {
  let log: [LogEntry]
  let scroll: Int

  func draw(on frame: inout Frame, in rect: Rect) {
    let size = Size(width: 92, height: max(5, log.count + 2))
    let inner = Dialog.box(title: "─ Actions so far ", on: &frame, in: rect.centred(size))
    frame.draw(LogPane(log, scroll: scroll), in: inner)
  }
}
