internal import Formats
internal import Metrics
internal import ModelGraph
internal import Search
internal import TerminalKit

/// The choice of images: the paths, the numbers of the input, what they do to the accuracy, what choosing them does.
struct DataView: Widget {
  let dialog: DataDialog
  let model: ModelState
  /// Whether a search is under way, which other images begin anew.
  let isSearching: Bool
  /// Whether there is something that another run would leave behind.
  let keepsRun: Bool

  init(_ dialog: DataDialog, _ state: ExplorerState) {
    self.dialog = dialog
    model = state.model
    isSearching = state.run.work.isSearching
    keepsRun = state.runToKeep != nil
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let rows = dialog.rows
    let box = rect.centred(Size(width: 100, height: rows.count + 11))
    let inner = Dialog.box(title: "─ Images ", on: &frame, in: box)
    for (place, row) in rows.enumerated() {
      draw(row, on: &frame, in: inner.row(place))
      frame.click(inner.row(place), .row(place))
    }
    let (list, facts) = inner.splitTop(rows.count).rest.splitBottom(5)
    for (line, candidate) in dialog.candidates.prefix(list.height).enumerated() {
      let row = list.inset(left: 14).row(line)
      frame.put(candidate.tail(columns: row.width), in: row, style: .muted)
    }
    // While a path is being typed it is none yet.
    if let failure, dialog.candidates.isEmpty {
      frame.put([Span(Self.label, .muted)], in: facts.row(0))
      frame.putWrapped(failure, in: facts.inset(left: Self.label.displayWidth), style: Style(.bad))
      return
    }
    frame.put(effect, in: facts.row(0))
    frame.put(present, in: facts.row(1))
    frame.putWrapped(consequence, in: facts.inset(top: 2), style: Style(.warning))
  }

  private func draw(_ row: DataDialog.Row, on frame: inout Frame, in rect: Rect) {
    let isHere = row == dialog.row
    let (pointer, rest) = rect.splitLeft(2)
    let (label, value) = rest.splitLeft(12)
    if isHere { frame.put("▶", in: pointer, style: .accent) }
    frame.put(name(of: row), in: label, style: isHere ? .accent : .plain)
    if let field = dialog.field(row) {
      let cursor = frame.cursor
      frame.draw(
        TextFieldView(field, placeholder: placeholder(of: row).tail(columns: value.width)),
        in: value)
      if !isHere { frame.cursor = cursor }
      return
    }
    let input = dialog.preset.input
    let numbers = input.map {
      "  mean \(Self.text($0.mean)), std \(Self.text($0.deviation))"
        + ($0.scale == 1 ? ", of bytes" : ", of 0 to 1")
    }
    frame.put(
      [Span("◂ \(dialog.preset.rawValue) ▸"), Span(numbers ?? "", .muted)], in: value)
  }

  private func name(of row: DataDialog.Row) -> String {
    switch row {
    case .path(.train): "training"
    case .path(let split): split.rawValue
    case .input: "mean, std"
    case .mean: "  mean"
    case .deviation: "  std"
    }
  }

  private func placeholder(of row: DataDialog.Row) -> String {
    guard case .path(let split) = row else { return "numbers, one or one a channel" }
    return model.ownImages[split]
      ?? (split == .train ? "those of the recipe" : "none named; type a path")
  }

  private static let label = "with these  "

  /// Why what is being chosen cannot be, if so.
  private var failure: String? {
    guard let trial = dialog.trial, trial.choice == dialog.choice,
      case .failed(let why) = trial.outcome
    else { return nil }
    return why
  }

  /// The accuracy by what is being chosen.
  private var effect: [Span] {
    let label = Span(Self.label, .muted)
    guard dialog.choice != nil else { return [label, Span("…")] }
    switch dialog.trial.flatMap({ $0.choice == dialog.choice ? $0.outcome : nil }) {
    case nil, .reading: return [label, Span("reading images…", .muted)]
    case .failed(let why): return [label, Span(why, .muted)]
    case .accuracy(let accuracy, let images, let remark):
      return [
        label, Span(Numbers.accuracy(accuracy), .accent), Span(", a sample of \(images)", .muted),
        Span(remark.map { "; \($0)" } ?? "", Style(.warning)),
      ]
    }
  }

  private var present: [Span] {
    guard let baseline = model.baseline.measurement else { return [] }
    return [Span("now         ", .muted), Span(Numbers.accuracy(baseline.accuracy))]
  }

  private var consequence: String {
    guard let choice = dialog.choice else { return "mean and std are numbers, std above 0" }
    if choice == model.data { return "" }
    if choice.judgesLike(model.data) { return "enter: f trains on them; the search goes on" }
    return "enter: losses and scores rest on these images, so "
      + (isSearching ? "the search begins anew" : "all is measured anew")
      + (keepsRun ? "; pins stay, the run so far stays on disk" : "")
  }

  private static func text(_ numbers: [Float]) -> String {
    numbers.map { "\($0)" }.joined(separator: " ")
  }
}
