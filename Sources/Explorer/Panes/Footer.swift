internal import TerminalKit

/// The bottom line: the keys that matter most, muted where they can do nothing.
struct Footer: Widget {
  let state: ExplorerState

  init(_ state: ExplorerState) { self.state = state }

  func draw(on frame: inout Frame, in rect: Rect) {
    if let hints = overlayHints {
      frame.put(hints, in: rect, style: .muted)
      // Each begins with its key.
      var x = rect.x
      for hint in hints.split(separator: "  ") {
        let name = hint.split(separator: " ").first.flatMap { $0.allSatisfy(\.isASCII) ? $0 : nil }
        let key = name.flatMap { Key(String($0)) }
        let area = Rect(x: x, y: rect.y, width: String(hint).displayWidth, height: 1)
        if let key { frame.click(area, .key(key)) }
        x = area.maxX + 2
      }
      return
    }
    let bindings = Keymap.bindings.filter { $0.hint != nil }.sorted { rank($0) < rank($1) }
    let help = bindings.filter { $0.command == .help || $0.command == .quit }
    let tail = help.flatMap(spans)
    let (left, right) = rect.splitRight(min(rect.width, max(0, tail.displayWidth - 2)))
    var x = left.x
    for binding in bindings where binding.command != .help && binding.command != .quit {
      let spans = spans(binding)
      guard x + spans.displayWidth <= left.maxX else { break }
      let start = x
      x = frame.put(spans, at: Point(x: x, y: rect.y))
      mark(binding, from: start, to: x, on: &frame, in: rect)
    }
    frame.put(tail, in: right)
    var start = right.x
    for binding in help {
      let end = start + spans(binding).displayWidth
      mark(binding, from: start, to: end, on: &frame, in: rect)
      start = end
    }
  }

  /// A click on a key is the key.
  private func mark(
    _ binding: Binding, from start: Int, to end: Int, on frame: inout Frame, in rect: Rect
  ) {
    guard let key = binding.keys.first else { return }
    frame.click(Rect(x: start, y: rect.y, width: end - start, height: 1), .key(key))
  }

  /// The keys that a first look needs come first; the rest shows where there is room.
  private func rank(_ binding: Binding) -> Int {
    let order: [Command] = [
      .pin, .edit, .toggleRun, .previousEpisode, .fineTune, .export, .palette, .undo, .playEpisode,
      .filter, .target, .compare,
    ]
    return order.firstIndex(of: binding.command) ?? order.count
  }

  private func spans(_ binding: Binding) -> [Span] {
    let key = binding.keys.first?.description ?? ""
    let isDisabled = binding.whyDisabled(state) != nil
    let keyStyle = isDisabled ? Style.muted : .accent
    let hint =
      switch binding.command {
      case .toggleRun where state.run.work.isSearching: "pause"
      case .fineTune where state.run.fineTuning != nil: "cancel"
      default: binding.hint ?? ""
      }
    // A hint that names its keys itself, as in `[ ] episode`.
    if hint.hasPrefix("\(key) ") {
      let end = hint.lastIndex(of: " ") ?? hint.endIndex
      return [Span(String(hint[..<end]), keyStyle), Span(String(hint[end...]) + "  ", .muted)]
    }
    return [Span(key, keyStyle), Span(" \(hint)  ", .muted)]
  }

  private var overlayHints: String? {
    switch state.overlay {
    case nil: nil
    case .help, .explanation: "↓ ↑ scroll  any other key closes"
    case .palette: "type to find  ↓ ↑ choose  enter run  esc close"
    case .filter: "type part of a name  ↓ ↑ next match  enter keep, then n N  esc clear"
    case .prompt: "type a number  enter from now on  esc as before"
    case .chooser(let chooser):
      chooser.isPreviewing
        ? "↓ ↑ look  enter keep  esc as before" : "↓ ↑ choose  enter do it  esc close"
    case .comparison(nil, _): "[ ] another episode  ↓ ↑ scroll  any other key closes"
    case .comparison: "↓ ↑ scroll  any other key closes"
    case .runs(let browser):
      browser.typed == nil
        ? "↓ ↑ choose  enter open  c compare two  r rename  n note  x delete  esc close"
        : "type a text  enter keep  esc as before"
    case .log: "↓ ↑ scroll  any other key closes"
    case .editor(let editor):
      editor.drawing == nil
        ? "↓ ↑ choose  enter pin it  d draw a mask  tab taps/channels  esc close"
        : "arrows move  space set or clear  i invert  enter pin it  esc menu"
    case .export(let dialog):
      switch dialog.stage {
      case .asking: "↓ ↑ what  type where  enter write  esc close"
      case .confirming: "y replace  any other key goes back"
      case .waiting: "esc back"
      case .writing: "writing"
      }
    case .tuning: "type numbers  ↓ ↑ choose  enter fine-tune  esc as before"
    case .data(let dialog):
      switch dialog.row {
      case .path: "type a path  tab complete  ↓ ↑ choose  enter take them  esc as before"
      case .input: "← → turn  ↓ ↑ choose  enter take them  esc as before"
      case .mean, .deviation: "type numbers  ↓ ↑ choose  enter take them  esc as before"
      }
    case .question(let question):
      question.answers.map { "\($0.key) \($0.name)" }.joined(separator: "  ")
        + "  ← → choose  enter do it"
    }
  }
}
