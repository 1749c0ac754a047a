internal import Engine
internal import Patterns
internal import Search
internal import TerminalKit

/// The export dialog: what is written, where, and what is missing for it.
struct ExportView: Widget {
  let dialog: ExportDialog
  let state: ExplorerState

  init(_ dialog: ExportDialog, _ state: ExplorerState) {
    self.dialog = dialog
    self.state = state
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let box = rect.centred(Size(width: 66, height: 9))
    let inner = Dialog.box(title: title, on: &frame, in: box)
    if inner.height < 6 {
      // Too low for everything: the question or the path alone.
      drawPath(on: &frame, in: inner.row(0))
      frame.putWrapped(question, in: inner.splitTop(1).rest, style: Style(.warning))
      return
    }
    frame.put(cost, in: inner.row(0))
    frame.put(accuracy, in: inner.row(1))
    if dialog.isOfModel, let result = dialog.fineTuned {
      // The end of a long path tells more than its beginning.
      let room = inner.width - "kept in …".displayWidth
      let isLong = result.folder.count > room
      frame.put(
        "kept in " + (isLong ? "…" : "") + result.folder.suffix(max(0, room)), in: inner.row(2),
        style: .muted)
    }
    drawPath(on: &frame, in: inner.row(3))
    frame.putWrapped(question, in: inner.splitTop(5).rest, style: Style(.warning))
  }

  private var title: String {
    if dialog.isOfModel { return "─ Export the fine-tuned model " }
    return dialog.fineTuned == nil
      ? "─ Export the strategy " : "─ Export the strategy (tab: the fine-tuned model) "
  }

  private func drawPath(on frame: inout Frame, in row: Rect) {
    frame.draw(TextFieldView(dialog.path, prompt: "to "), in: row)
    if dialog.stage != .asking { frame.cursor = nil }
  }

  private var cost: String {
    let cost = state.space.cost(of: dialog.strategy)
    let pins = dialog.strategy.pins.count { $0 }
    return "\(Numbers.count(cost.macs)) MACs (\(Numbers.percent(state.share(of: dialog.strategy))))"
      + ", \(Numbers.count(cost.parameters)) parameters, \(pins) pinned"
  }

  private var accuracy: String {
    if dialog.isOfModel, let result = dialog.fineTuned {
      return "accuracy \(Numbers.accuracy(result.after)), fine-tuned"
    }
    guard let known = state.measurement(of: dialog.strategy) else {
      return state.loading == .done ? "accuracy: being measured" : "accuracy: not known"
    }
    let text = "accuracy \(Numbers.accuracy(known.accuracy))"
    return state.isComplete(known) ? text : text + " …"
  }

  private var question: String {
    switch dialog.stage {
    case .asking: state.notice?.kind == .failure ? state.notice?.text ?? "" : ""
    case .confirming where dialog.isOfModel:
      "\(dialog.path.text) holds a model. Replace it? y replaces, any other key goes back."
    case .confirming: "\(dialog.path.text) exists. Replace it? y replaces, any other key goes back."
    case .waiting:
      "Written as soon as it is measured: "
        + "\(state.measurement(of: dialog.strategy)?.accuracy.images ?? 0) of "
        + "\(state.imageCount) images."
    case .writing: "Writing…"
    }
  }
}
