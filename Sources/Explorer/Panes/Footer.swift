internal import TerminalKit

/// The bottom line: the keys that matter most, muted where they can do nothing.
struct Footer: Widget {
  let state: ExplorerState

  init(_ state: ExplorerState) { self.state = state }

  func draw(on frame: inout Frame, in rect: Rect) {
    if let hints = overlayHints {
      frame.put(hints, in: rect, style: .muted)
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
      x = frame.put(spans, at: Point(x: x, y: rect.y))
    }
    frame.put(tail, in: right)
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
    case .comparison: "[ ] another episode  ↓ ↑ scroll  any other key closes"
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
    case .question(let question):
      question.answers.map { "\($0.key) \($0.name)" }.joined(separator: "  ")
        + "  ← → choose  enter do it"
    }
  }
}
