internal import TerminalKit

/// Things of which one is chosen, and what then happens.
package struct Chooser: Hashable, Sendable {
  /// What a choice does.
  package enum Action: Hashable, Sendable {
    /// Pins units at what is shown, or lets them go.
    case pin([Int], isPinned: Bool, name: String)
    /// Shows a theme.
    case theme(String)
    /// Goes on with a stored run.
    case resume(String)
  }

  /// One of them.
  package struct Item: Hashable, Sendable {
    /// What it is called.
    package let label: String
    /// What stands beside it.
    package let note: String
    /// What choosing it does.
    package let action: Action
  }

  /// The title of its box.
  package let title: String
  /// The things.
  package let items: [Item]
  /// The one under the cursor.
  package var selected = 0
  /// What is done when nothing is chosen, where moving the cursor has shown something else.
  var onCancel: Action?
  /// Whether moving the cursor shows what enter would choose.
  var isPreviewing = false
}

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
