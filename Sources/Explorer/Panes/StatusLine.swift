internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit
internal import Training

/// The line above the keys: the last notice, otherwise the accuracy and the images that it rests on.
struct StatusLine: Widget {
  let state: ExplorerState

  init(_ state: ExplorerState) { self.state = state }

  /// The rows that it takes: a notice that has no room in one is told whole, over the panes.
  func height(columns: Int, atMost most: Int) -> Int {
    guard let notice = state.screen.notice, !isTyping, columns > 8 else { return 1 }
    return max(1, min(most, notice.text.wrapped(toColumns: columns - 2).count))
  }

  /// Whether the line has the keyboard.
  private var isTyping: Bool {
    switch state.overlay {
    case .filter, .prompt: true
    default: false
    }
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    if rect.height > 1 { frame.fill(rect) }
    if case .filter(let field) = state.overlay {
      frame.draw(TextFieldView(field, prompt: "/", placeholder: "part of a name"), in: rect)
      if let notice = state.screen.notice {
        let room = rect.width - field.text.displayWidth - 4
        let (_, right) = rect.splitRight(min(notice.text.displayWidth, max(0, room)))
        frame.put(notice.text, in: right, style: Style(.warning))
      }
      return
    }
    if case .prompt(let prompt) = state.overlay {
      let isRefused = state.screen.notice?.kind == .refusal
      let (left, right) = rect.splitLeft(isRefused ? rect.width / 2 : rect.width)
      frame.draw(
        TextFieldView(prompt.field, prompt: prompt.label, placeholder: prompt.placeholder), in: left
      )
      if isRefused {
        frame.put(state.screen.notice?.text ?? "", in: right, style: Style(.warning))
      } else if let alternative = prompt.alternative, alternative.displayWidth * 3 <= rect.width {
        frame.put(alternative, in: rect, style: .muted, alignment: .trailing)
      }
      return
    }
    if let notice = state.screen.notice {
      let (mark, style): (String, Style) =
        switch notice.kind {
        case .done, .edited: ("✓ ", Style(.good))
        case .refusal: ("· ", Style(.warning))
        case .failure: ("✗ ", Style(.bad, .bold))
        }
      let (left, text) = rect.splitLeft(rect.width > 8 ? 2 : 0)
      frame.put(mark, in: left, style: style)
      guard rect.height == 1 else {
        return _ = frame.putWrapped(notice.text, in: text, style: style)
      }
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
    let run = state.run
    let shown = run.shown
    if let progress = run.fineTuning { return standing(progress) }
    if let losses = run.work.losses, run.work.isSearching {
      return "measuring the expected loss of each choice: \(losses.text); then the search begins"
    }
    if let timing = run.work.timing, run.work.isSearching {
      return "timing each choice: \(timing.text); then the search begins"
    }
    switch run.work.loading {
    case .underWay: return "reading weights and images…"
    case .failed(let why): return "structure only: \(why)"
    case .done: break
    }
    if let finalists = run.work.finalists {
      return "measuring the most promising on every image: \(finalists.text)"
    }
    if run.work.isResolving { return "solving the layers of the best again…" }
    if let accuracy = run.shownMeasurement(in: state.model)?.accuracy {
      let isBaseline = shown.isDense
      let progress =
        accuracy.images < state.model.imageCount
          && (run.work.measuring == shown.choices || isBaseline)
        ? ", measuring \(accuracy.images)/\(state.model.imageCount)" : ""
      let isYours = run.adopted?.strategy.choices == shown.choices && run.shownStep == nil
      let tuned =
        run.fineTuned[shown.choices].map {
          ", fine-tuned \(Numbers.decimal($0.after.fraction * 100, places: 2)) %"
        } ?? ""
      // The base of the difference in the top line.
      let dense = isBaseline ? nil : state.model.baseline.fraction(images: accuracy.images)
      let base = dense.map { ", dense \(Numbers.decimal($0 * 100, places: 2)) %" } ?? ""
      let subject = isBaseline ? "dense" : isYours ? "your strategy" : "accuracy"
      return "\(subject) \(Numbers.accuracy(accuracy))\(progress)\(tuned)\(base)"
    }
    if run.work.measuring == shown.choices { return "measuring the strategy shown…" }
    return state.model.baseline.isFinal ? "not measured" : "measuring the dense model…"
  }

  /// The line about fine-tuning, for screens without room for its pane.
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
