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
    let facts = inner.inset(left: 2, top: 3)
    frame.put("images", in: facts.row(0), style: .muted)
    let place = facts.row(0).inset(left: 9)
    let count = dialog.estimate.map { "\($0.images), " } ?? ""
    let images = data[.train] ?? "those of the recipe; I chooses others"
    frame.put(count + images.tail(columns: place.width - count.displayWidth), in: place)
    if let failure = dialog.failure {
      frame.putWrapped(failure, in: facts.inset(top: 1), style: Style(.bad))
    } else {
      frame.put("time", in: facts.row(1), style: .muted)
      frame.putWrapped(time, in: facts.inset(left: 9, top: 1))
    }
  }

  private var time: String {
    guard dialog.choice != nil else { return "epochs: a whole number; rate: above 0, or empty" }
    guard let seconds = dialog.seconds else {
      return "a few batches are tried to tell how long it takes…"
    }
    return "about \(Numbers.duration(Int(seconds.rounded(.up))))"
      + (isSearching ? ", less as the search is paused meanwhile" : "")
  }
}
