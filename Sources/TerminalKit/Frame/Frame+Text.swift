extension Frame {
  /// Draws text from a position to the right, cut at the clip; returns the column after it.
  ///
  /// Any position is allowed. The text is one line: control characters are shown as `?`.
  @discardableResult
  public mutating func put(_ text: String, at point: Point, style: Style = .plain) -> Int {
    var position = Point(
      x: min(max(point.x, -Size.limit), Size.limit), y: min(max(point.y, -Size.limit), Size.limit))
    for cluster in TextCluster.clusters(of: text) {
      put(cluster, at: position, style: style)
      position.x += cluster.width
    }
    return position.x
  }

  /// Draws pieces of text one after the other; returns the column after the last.
  @discardableResult
  public mutating func put(_ spans: [Span], at point: Point) -> Int {
    var position = point
    for span in spans {
      position.x = put(span.text, at: position, style: span.style)
    }
    return position.x
  }

  /// Draws text into the first row of a region, with an ellipsis where it does not fit.
  public mutating func put(
    _ text: String, in rect: Rect, style: Style = .plain, alignment: Alignment = .leading
  ) {
    let text = text.truncated(toColumns: rect.width, ellipsis: glyphs == .ascii ? "." : "…")
    let start = rect.x + alignment.offset(of: text.displayWidth, in: rect.width)
    clipped(to: rect.row(0)) { $0.put(text, at: Point(x: start, y: rect.y), style: style) }
  }

  /// Draws pieces of text into the first row of a region, cut at its end.
  public mutating func put(
    _ spans: [Span], in rect: Rect, alignment: Alignment = .leading
  ) {
    let start = rect.x + alignment.offset(of: spans.displayWidth, in: rect.width)
    clipped(to: rect.row(0)) { $0.put(spans, at: Point(x: start, y: rect.y)) }
  }

  /// Draws text into a region, broken into lines at spaces; returns how many rows it took.
  @discardableResult
  public mutating func putWrapped(_ text: String, in rect: Rect, style: Style = .plain) -> Int {
    let lines = text.wrapped(toColumns: rect.width).prefix(rect.height)
    for (row, line) in lines.enumerated() {
      put(line, in: rect.row(row), style: style)
    }
    return lines.count
  }
}
