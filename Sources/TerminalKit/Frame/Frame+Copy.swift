extension Frame {
  /// Copies another frame onto this one with its top left corner at a position.
  public mutating func draw(_ other: Frame, at origin: Point = .zero) {
    let area = Rect(origin: origin, size: other.size).intersection(clip)
    guard !area.isEmpty else { return }
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX {
        let cell = other.cells[(y - origin.y) * other.size.width + x - origin.x]
        guard cell.width > 0 else { continue }
        put(
          TextCluster(text: cell.text, width: cell.width), at: Point(x: x, y: y), style: cell.style)
      }
    }
  }

  /// The frame cut or filled up with blanks to another size.
  public func resized(to size: Size) -> Frame {
    guard size != self.size else { return self }
    var result = Frame(size: size, glyphs: glyphs)
    result.draw(self)
    if let cursor, result.bounds.contains(cursor) { result.cursor = cursor }
    return result
  }
}
