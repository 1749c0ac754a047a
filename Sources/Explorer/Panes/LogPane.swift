internal import TerminalKit

/// What was done and what happened, latest first, each with the episodes that had ended by then.
struct LogPane: Widget {
  let state: ExplorerState
  var scroll = 0

  init(_ state: ExplorerState, scroll: Int = 0) {
    self.state = state
    self.scroll = scroll
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let offset = min(scroll, max(0, state.log.count - rect.height))
    let entries = state.log.reversed().dropFirst(offset).prefix(rect.height)
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
  let scroll: Int
  let state: ExplorerState

  func draw(on frame: inout Frame, in rect: Rect) {
    let size = Size(width: 92, height: max(5, state.log.count + 2))
    let inner = Dialog.box(title: "─ Actions so far ", on: &frame, in: rect.centred(size))
    frame.draw(LogPane(state, scroll: scroll), in: inner)
  }
}
