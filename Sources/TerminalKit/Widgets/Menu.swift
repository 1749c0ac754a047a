/// Things to choose from, each with a note at the right, such as its key or its price.
public struct Menu: Widget {
  /// One of them.
  public struct Item: Hashable, Sendable {
    /// The kind.
    public var label: String
    /// The text at the right.
    public var note: String
    /// Why it cannot be chosen; nil if it can.
    public var whyDisabled: String?

    /// Makes an item.
    public init(_ label: String, note: String = "", whyDisabled: String? = nil) {
      self.label = label
      self.note = note
      self.whyDisabled = whyDisabled
    }
  }

  /// The things to choose from.
  public var items: [Item]
  /// The one under the cursor.
  public var selected: Int
  /// The first one shown, see `ListScroll.offset`.
  public var offset: Int

  /// Makes a menu.
  public init(_ items: [Item], selected: Int = 0, offset: Int = 0) {
    self.items = items
    self.selected = selected
    self.offset = offset
  }

  /// Draws the items from `offset` on; a narrow menu has no notes.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let offset = min(max(0, self.offset), max(0, items.count - rect.height))
    for row in 0..<rect.height where offset + row < items.count {
      draw(items[offset + row], isSelected: offset + row == selected, on: &frame, in: rect.row(row))
      frame.click(rect.row(row), .row(offset + row))
    }
  }

  private func draw(_ item: Item, isSelected: Bool, on frame: inout Frame, in row: Rect) {
    let style: Style = item.whyDisabled == nil ? .plain : .muted
    let (pointer, rest) = row.splitLeft(row.width > 4 ? 2 : 0)
    if isSelected { frame.put("▶", in: pointer, style: .accent) }
    let note = item.whyDisabled ?? item.note
    let noteRoom = rest.width - item.label.displayWidth - 2
    let hasNote = !note.isEmpty && noteRoom >= min(note.displayWidth, 6)
    let (label, right) = rest.splitRight(hasNote ? min(noteRoom, note.displayWidth) : 0)
    frame.put(item.label, in: label, style: style)
    frame.put(note, in: right, style: .muted, alignment: .trailing)
    if isSelected { frame.restyle(row) { $0 = $0.on(.palette(.selection)) } }
  }
}
