internal import Engine
internal import Patterns
internal import Search
internal import TerminalKit

/// The line above the keys: what happened last, otherwise what the accuracy rests on.
struct StatusLine: Widget {
  let state: ExplorerState

  init(_ state: ExplorerState) { self.state = state }

  func draw(on frame: inout Frame, in rect: Rect) {
    if case .filter(let field) = state.overlay {
      frame.draw(TextFieldView(field, prompt: "/", placeholder: "part of a name"), in: rect)
      return
    }
    if let notice = state.notice {
      let (mark, style): (String, Style) =
        switch notice.kind {
        case .done: ("✓ ", Style(.good))
        case .refusal: ("· ", Style(.warning))
        case .failure: ("✗ ", Style(.bad, .bold))
        }
      let (left, text) = rect.splitLeft(rect.width > 8 ? 2 : 0)
      frame.put(mark, in: left, style: style)
      frame.put(notice.text, in: text, style: style)
      let free = text.width - notice.text.displayWidth - 3
      if standing.displayWidth <= free {
        frame.put(standing, in: text, style: .muted, alignment: .trailing)
      }
      return
    }
    frame.put(standing, in: rect, style: .muted)
  }

  private var standing: String {
    if let (done, count) = state.analysing, state.isSearching {
      return "measuring what each choice costs: \(done)/\(count), then the search begins"
    }
    switch state.loading {
    case .underWay: return "reading weights and images…"
    case .failed(let why): return "structure only: \(why)"
    case .done: break
    }
    if let accuracy = state.shownMeasurement?.accuracy {
      let isBaseline = state.shown.choices.allSatisfy { $0 == .dense }
      let progress =
        accuracy.images < state.imageCount && (state.measuring == state.shown.choices || isBaseline)
        ? ", measuring \(accuracy.images)/\(state.imageCount)" : ""
      let isYours = state.viewing == .live && state.shownStep == nil && !state.edits.isEmpty
      return
        "\(isBaseline ? "dense" : isYours ? "your strategy" : "accuracy") \(Numbers.accuracy(accuracy))\(progress)"
    }
    if state.measuring == state.shown.choices { return "measuring the strategy shown…" }
    return state.isBaselineFinal ? "not measured" : "measuring the dense model…"
  }
}
