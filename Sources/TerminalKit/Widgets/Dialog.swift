/// A box in the middle of the screen with a message and answers to choose from.
public struct Dialog: Widget {
  /// The title in its upper edge.
  public var title: String
  /// The text; broken into lines to fit.
  public var message: String
  /// The answers.
  public var buttons: [String]
  /// The answer that enter gives.
  public var selected: Int

  /// Makes a dialog.
  public init(title: String, message: String, buttons: [String] = [], selected: Int = 0) {
    self.title = title
    self.message = message
    self.buttons = buttons
    self.selected = selected
  }

  /// Where the box goes when the dialog is drawn into `rect`.
  public func region(in rect: Rect) -> Rect {
    let widest = min(60, rect.width - 4)
    let lines = message.wrapped(toColumns: widest)
    let buttonWidth = buttons.reduce(0) { $0 + $1.displayWidth + 5 }
    let width = max(lines.map(\.displayWidth).max() ?? 0, buttonWidth, title.displayWidth + 2)
    let height = lines.count + (buttons.isEmpty ? 0 : 2)
    return rect.centred(Size(width: width + 4, height: height + 2))
  }

  /// Draws the box over what is there.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let inner = Dialog.box(title: title, on: &frame, in: region(in: rect))
    let (text, row) = inner.splitBottom(buttons.isEmpty ? 0 : 1)
    frame.putWrapped(message, in: text)
    frame.clipped(to: row) { frame in
      var x = row.x
      for (index, button) in buttons.enumerated() {
        let isSelected = index == selected
        let style: Style = isSelected ? .selected.adding(.bold) : .plain
        let label = isSelected ? "[\(button)]" : " \(button) "
        let start = x
        x = frame.put(label, at: Point(x: x, y: row.y), style: style) + 2
        frame.click(Rect(x: start, y: row.y, width: x - start - 2, height: 1), .row(index))
      }
    }
  }

  /// Draws an empty box with a title over what is there; returns the region for its content.
  @discardableResult
  public static func box(title: String, on frame: inout Frame, in rect: Rect) -> Rect {
    frame.fill(rect)
    frame.ignoreClicks(rect)
    return frame.box(rect, title: title, style: .accent).inset(columns: rect.width > 6 ? 1 : 0)
  }

  /// Says at the lower edge of a box that its content goes on below.
  public static func noteMore(on frame: inout Frame, in box: Rect) {
    frame.put(" ↓ more ", in: box.row(box.height - 1).inset(right: 2), alignment: .trailing)
  }
}
