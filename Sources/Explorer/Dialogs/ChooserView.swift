internal import TerminalKit

/// The chooser's box.
struct ChooserView: Widget {
  let chooser: Chooser

  func draw(on frame: inout Frame, in rect: Rect) {
    // A preview is looked at: the box stays out of the middle.
    let widest = chooser.items.map { $0.label.displayWidth + $0.note.displayWidth + 8 }.max() ?? 0
    let size = Size(
      width: max(widest, chooser.title.displayWidth + 4, 36), height: chooser.items.count + 2)
    let box =
      chooser.isPreviewing
      ? rect.splitTop(size.height).top.splitRight(size.width).right
      : rect.centred(size)
    let inner = Dialog.box(title: chooser.title, on: &frame, in: box)
    let offset = ListScroll.offset(
      0, selected: chooser.selected, count: chooser.items.count, visible: inner.height)
    frame.draw(
      Menu(
        chooser.items.map { Menu.Item($0.label, note: $0.note) }, selected: chooser.selected,
        offset: offset), in: inner)
  }
}
