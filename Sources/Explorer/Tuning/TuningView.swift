internal import Formats
internal import Search
internal import TerminalKit

/// The choice of epochs and rate: the numbers, the images, the time.
struct TuningView: Widget {
  let dialog: TuningDialog
  let data: DataChoice
  /// Whether a search is under way, which is paused meanwhile.
  let isSearching: Bool

  init(_ dialog: TuningDialog, _ state: ExplorerState) {
    self.dialog = dialog
    data = state.model.data
    isSearching = state.run.work.isSearching
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let box = rect.centred(Size(width: 72, height: 9))
    let inner = Dialog.box(title: "─ Fine-tune \(dialog.name) ", on: &frame, in: box)
    let usual = dialog.estimate.map { "\($0.learningRate), a tenth of the recipe's" }
    let fields = [
      ("epochs", dialog.epochs, "1 to \(TuningDialog.mostEpochs)"),
      ("rate", dialog.rate, usual ?? "a tenth of the recipe's"),
    ]
    for (place, (name, field, placeholder)) in fields.enumerated() {
      let row = inner.row(place)
      let isHere = place == dialog.row
      let (pointer, rest) = row.splitLeft(2)
      let (label, value) = rest.splitLeft(9)
      if isHere { frame.put("▶", in: pointer, style: .accent) }
      frame.put(name, in: label, style: isHere ? .accent : .plain)
      let cursor = frame.cursor
      frame.draw(TextFieldView(field, placeholder: placeholder), in: value)
      if !isHere { frame.cursor = cursor }
      frame.click(row, .row(place))
    }
    frame.put(images, in: inner.inset(left: 2).row(3))
    frame.putWrapped(time, in: inner.inset(left: 2, top: 4), style: timeStyle)
  }

  private var images: [Span] {
    let place = data[.train] ?? "those of the recipe; I chooses others"
    let count = dialog.estimate.map { "\($0.images), " } ?? ""
    return [Span("images   ", .muted), Span(count + place)]
  }

  private var timeStyle: Style { dialog.failure == nil ? .plain : Style(.bad) }

  private var time: String {
    if let failure = dialog.failure { return failure }
    guard dialog.choice != nil else { return "epochs: a whole number; rate: above 0, or empty" }
    guard let seconds = dialog.seconds else {
      return "time     a few batches are tried to tell how long it takes…"
    }
    return "time     about \(Numbers.duration(Int(seconds.rounded(.up))))"
      + (isSearching ? ", less as the search is paused meanwhile" : "")
  }
}
