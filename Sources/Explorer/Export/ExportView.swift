internal import Engine
internal import Formats
internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// The export dialog: the things that can be written, the strategy's figures, the path, the question.
struct ExportView: Widget {
  let dialog: ExportDialog
  let model: ModelState
  let run: RunState
  /// Why the last attempt failed, if it did.
  let failure: String?

  init(_ dialog: ExportDialog, _ state: ExplorerState) {
    self.dialog = dialog
    model = state.model
    run = state.run
    failure = state.screen.notice.flatMap { $0.kind == .failure ? $0.text : nil }
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let facts = [cost, accuracy] + gains
    let height = dialog.kinds.count + facts.count + 7
    let box = rect.centred(Size(width: 72, height: height))
    let inner = Dialog.box(title: "─ Export ", on: &frame, in: box)
    if inner.height < dialog.kinds.count + 6 {
      // Too low for everything: the thing, the path and the question.
      frame.put(label(dialog.kind), in: inner.row(0), style: .accent)
      drawPath(on: &frame, in: inner.row(1))
      frame.putWrapped(question, in: inner.splitTop(2).rest, style: Style(.warning))
      return
    }
    let (list, below) = inner.splitTop(dialog.kinds.count)
    frame.draw(
      Menu(
        dialog.kinds.map { Menu.Item(label($0), note: note($0)) }, selected: dialog.selected),
      in: list)
    var rest = below.inset(top: 1)
    // Facts give way to the path and the question.
    for fact in facts.prefix(max(0, rest.height - 4)) {
      frame.put(fact, in: rest.row(0), style: .muted)
      rest = rest.splitTop(1).rest
    }
    drawPath(on: &frame, in: rest.row(1))
    frame.putWrapped(question, in: rest.splitTop(2).rest, style: Style(.warning))
  }

  private func label(_ kind: ExportDialog.Kind) -> String {
    switch kind {
    case .strategy: "strategy"
    case .model(let format, let isFineTuned):
      "\(isFineTuned ? "fine-tuned" : "pruned") model, \(name(of: format))"
    case .report(.html): "report, HTML"
    case .report(.markdown): "report, Markdown"
    case .report(.modelExplorer): "data for Model Explorer"
    }
  }

  private func name(of format: ModelFormat) -> String {
    switch format {
    case .onnx: "ONNX"
    case .pytorch: "PyTorch"
    case .sculpt: "model.json"
    }
  }

  private func note(_ kind: ExportDialog.Kind) -> String {
    switch kind {
    case .strategy: "the choices, for sculpt"
    case .model(.onnx, _): "plain operators, for any engine"
    case .model(.pytorch, _): "a module, with safetensors"
    case .model(.sculpt, _): "for sculpt, with safetensors"
    case .report(.html): "a page of what was done"
    case .report(.markdown): "what was done, to be read"
    case .report(.modelExplorer): "what is kept, over the graph"
    }
  }

  private func drawPath(on frame: inout Frame, in row: Rect) {
    frame.draw(TextFieldView(dialog.path, prompt: "to "), in: row)
    if dialog.stage != .asking { frame.cursor = nil }
  }

  private var cost: String {
    let cost = model.space.cost(of: dialog.strategy)
    let pins = dialog.strategy.pins.count { $0 }
    return "\(Numbers.count(cost.macs)) MACs (\(Numbers.percent(model.share(of: dialog.strategy))))"
      + ", \(Numbers.count(cost.parameters)) parameters, \(pins) pinned"
  }

  private var accuracy: String {
    if case .model(_, isFineTuned: true) = dialog.kind, let result = dialog.fineTuned {
      return "accuracy \(Numbers.accuracy(result.after)), fine-tuned"
    }
    guard let known = run.measurement(of: dialog.strategy, in: model) else {
      return run.work.loading == .done ? "accuracy: being measured" : "accuracy: not known"
    }
    let text = "accuracy \(Numbers.accuracy(known.accuracy))"
    return model.isComplete(known) ? text : text + " …"
  }

  /// The gain on Sculpt's engine and on others.
  private var gains: [String] {
    var lines: [String] = []
    if let speedup = model.speedup(of: dialog.strategy) {
      let engine = model.space.engine == .native ? "sculpt's engine" : "\(model.space.engine)"
      lines.append("\(engine): \(Numbers.decimal(speedup, places: 2))x faster, predicted here")
    }
    let removable = model.removableShare(of: dialog.strategy)
    lines.append(
      "other engines: \(Numbers.percent(removable)) of the MACs"
        + (removable > model.share(of: dialog.strategy) + 0.005
          ? ", as masked weights are zeros there" : ""))
    return lines
  }

  private var question: String {
    switch dialog.stage {
    case .asking: failure ?? ""
    case .confirming: "\(dialog.path.text) exists. Replace it? y replaces, any other key goes back."
    case .waiting where run.work.isResolving:
      "Written as soon as its layers are solved again."
    case .waiting:
      "Written as soon as it is measured: "
        + "\(run.measurement(of: dialog.strategy, in: model)?.accuracy.images ?? 0) of "
        + "\(model.imageCount) images."
    case .writing: "Writing…"
    }
  }
}
