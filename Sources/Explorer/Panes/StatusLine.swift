internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit
internal import Training

/// The line above the keys: what happened last, otherwise what the accuracy rests on.
struct StatusLine: Widget {
  let state: ExplorerState

  init(_ state: ExplorerState) { self.state = state }

  func draw(on frame: inout Frame, in rect: Rect) {
    if case .filter(let field) = state.overlay {
      frame.draw(TextFieldView(field, prompt: "/", placeholder: "part of a name"), in: rect)
      return
    }
    if case .prompt(let prompt) = state.overlay {
      let isRefused = state.notice?.kind == .refusal
      let (left, right) = rect.splitLeft(isRefused ? rect.width / 2 : rect.width)
      frame.draw(
        TextFieldView(prompt.field, prompt: prompt.label, placeholder: prompt.placeholder), in: left
      )
      if isRefused {
        frame.put(state.notice?.text ?? "", in: right, style: Style(.warning))
      } else if let alternative = prompt.alternative, alternative.displayWidth * 3 <= rect.width {
        frame.put(alternative, in: rect, style: .muted, alignment: .trailing)
      }
      return
    }
    if let notice = state.notice {
      let (mark, style): (String, Style) =
        switch notice.kind {
        case .done, .edited: ("✓ ", Style(.good))
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
    let free = rect.width - standing.displayWidth - 2
    if let hint = state.hint?.text, hint.displayWidth <= free {
      frame.put(hint, in: rect, style: .accent, alignment: .trailing)
    }
  }

  private var standing: String {
    if let progress = state.fineTuning { return standing(progress) }
    if let (done, count) = state.analysing, state.isSearching {
      return "measuring what each choice costs: \(done)/\(count), then the search begins"
    }
    if let (done, count) = state.timing, state.isSearching {
      return "timing each choice: \(done)/\(count), then the search begins"
    }
    switch state.loading {
    case .underWay: return "reading weights and images…"
    case .failed(let why): return "structure only: \(why)"
    case .done: break
    }
    if let accuracy = state.shownMeasurement?.accuracy {
      let isBaseline = state.shown.isDense
      let progress =
        accuracy.images < state.imageCount && (state.measuring == state.shown.choices || isBaseline)
        ? ", measuring \(accuracy.images)/\(state.imageCount)" : ""
      let isYours = state.viewing == .live && state.shownStep == nil && !state.edits.isEmpty
      let tuned =
        state.fineTuned[state.shown.choices].map {
          ", fine-tuned \(Numbers.decimal($0.after.fraction * 100, places: 2)) %"
        } ?? ""
      return
        "\(isBaseline ? "dense" : isYours ? "your strategy" : "accuracy") \(Numbers.accuracy(accuracy))\(progress)\(tuned)"
    }
    if state.measuring == state.shown.choices { return "measuring the strategy shown…" }
    return state.isBaselineFinal ? "not measured" : "measuring the dense model…"
  }

  /// What stays in sight where there is no room for the pane.
  private func standing(_ progress: FineTuneProgress) -> String {
    guard let start = progress.start else {
      return "fine-tuning \(progress.name): reading the recipe and its images…"
    }
    var text = "fine-tuning \(progress.name): epoch \(progress.epoch)/\(progress.epochs)"
    if let batch = progress.batch { text += ", batch \(batch.batch)/\(batch.batches)" }
    if let best = progress.best {
      text += ", val. " + Numbers.gain(from: start.before.fraction, to: best) + " %"
    }
    return text + (progress.hasPausedSearch ? "; search paused" : "; f cancels")
  }
}
