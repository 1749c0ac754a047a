/// Rows of text of which one is selected, with a scroll bar where not all are visible.
public struct ListView: Widget {
  /// The lines.
  public var rows: [[Span]]
  /// The selected line; nil for none.
  public var selected: Int?
  /// The first line shown, see `ListScroll.offset`.
  public var offset: Int
  /// Whether the list has the keyboard; else the selection is only underlined.
  public var isFocused: Bool

  /// Makes a list.
  public init(_ rows: [[Span]], selected: Int? = nil, offset: Int = 0, isFocused: Bool = true) {
    self.rows = rows
    self.selected = selected
    self.offset = offset
    self.isFocused = isFocused
  }

  /// Draws the lines from `offset` on.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let needsBar = rows.count > rect.height && rect.width > 2
    let (lines, bar) = rect.splitRight(needsBar ? 1 : 0)
    let offset = min(max(0, self.offset), max(0, rows.count - rect.height))
    for row in 0..<lines.height where offset + row < rows.count {
      frame.put(rows[offset + row], in: lines.row(row))
      guard offset + row == selected else { continue }
      frame.restyle(lines.row(row)) { style in
        style = isFocused ? style.on(.palette(.selection)) : style.adding(.underline)
      }
    }
    if needsBar { drawBar(on: &frame, in: bar, offset: offset) }
  }

  private func drawBar(on frame: inout Frame, in bar: Rect, offset: Int) {
    let length = max(1, bar.height * bar.height / rows.count)
    let start = offset * (bar.height - length) / max(1, rows.count - bar.height)
    frame.fill(bar, with: frame.glyphs.box.vertical, style: .border)
    frame.fill(
      Rect(x: bar.x, y: bar.y + start, width: 1, height: length), with: "█", style: .muted)
  }
}
