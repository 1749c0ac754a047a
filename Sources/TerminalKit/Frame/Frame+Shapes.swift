extension Frame {
  /// Fills a region with one character; a wide one is repeated every other column.
  public mutating func fill(_ rect: Rect, with text: String = " ", style: Style = .plain) {
    guard let cluster = TextCluster.clusters(of: text).first else { return }
    let area = rect.intersection(clip)
    guard !area.isEmpty else { return }
    clipped(to: area) { frame in
      for y in area.y..<area.maxY {
        for x in stride(from: area.x, to: area.maxX, by: cluster.width) {
          frame.put(cluster, at: Point(x: x, y: y), style: style)
        }
      }
    }
  }

  /// Changes the style of what is already drawn in a region, such as to mark a selection.
  public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    let area = rect.intersection(clip)
    guard !area.isEmpty else { return }
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX where cells[y * size.width + x].width > 0 {
        restyle(Point(x: x, y: y), change)
      }
    }
  }

  /// Draws a horizontal line of `length` cells.
  public mutating func horizontalLine(at point: Point, length: Int, style: Style = .border) {
    fill(
      Rect(x: point.x, y: point.y, width: length, height: 1), with: glyphs.box.horizontal,
      style: style)
  }

  /// Draws a vertical line of `length` cells.
  public mutating func verticalLine(at point: Point, length: Int, style: Style = .border) {
    fill(
      Rect(x: point.x, y: point.y, width: 1, height: length), with: glyphs.box.vertical,
      style: style)
  }

  /// Draws the outline of a region with a title in its upper edge; returns the region inside.
  @discardableResult
  public mutating func box(
    _ rect: Rect, title: String = "", style: Style = .border, titleStyle: Style = .title
  ) -> Rect {
    guard !rect.isEmpty else { return rect }
    let box = glyphs.box
    clipped(to: rect) { frame in
      for y in [rect.y, rect.maxY - 1] {
        frame.horizontalLine(at: Point(x: rect.x, y: y), length: rect.width, style: style)
      }
      for x in [rect.x, rect.maxX - 1] {
        frame.verticalLine(at: Point(x: x, y: rect.y), length: rect.height, style: style)
      }
      frame.put(box.bottomLeft, at: Point(x: rect.x, y: rect.maxY - 1), style: style)
      frame.put(box.bottomRight, at: Point(x: rect.maxX - 1, y: rect.maxY - 1), style: style)
      frame.put(box.topRight, at: Point(x: rect.maxX - 1, y: rect.y), style: style)
      frame.put(box.topLeft, at: Point(x: rect.x, y: rect.y), style: style)
    }
    heading(rect.inset(columns: 1), title: title, style: titleStyle)
    return rect.inset(columns: 1, rows: 1)
  }

  /// Draws a line with a title at its left and a note at its right, as panes have above them.
  public mutating func rule(
    _ rect: Rect, title: String, note: String = "", style: Style = .border,
    titleStyle: Style = .title
  ) {
    let row = rect.row(0)
    horizontalLine(at: row.origin, length: row.width, style: style)
    let inner = row.inset(columns: 1)
    let room = inner.width - title.displayWidth - 3
    if !note.isEmpty, note.displayWidth <= room {
      put(" \(note) ", in: inner, style: .muted, alignment: .trailing)
    }
    heading(inner, title: title, style: titleStyle)
  }

  private mutating func heading(_ rect: Rect, title: String, style: Style) {
    guard !title.isEmpty else { return }
    put(title, in: rect, style: style)
  }
}
