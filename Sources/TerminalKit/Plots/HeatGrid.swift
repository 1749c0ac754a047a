/// A matrix as coloured cells, each also shaded so that it can be read without colour.
public struct HeatGrid: Widget {
  /// Rows of values, 0 (cold) to 1 (hot).
  public var values: [[Double]]
  /// Columns of the terminal for each value.
  public var cellWidth: Int
  /// Rows of the terminal for each value.
  public var cellHeight: Int

  /// Makes a grid; two columns a value look square.
  public init(_ values: [[Double]], cellWidth: Int = 2, cellHeight: Int = 1) {
    self.values = values
    self.cellWidth = max(1, cellWidth)
    self.cellHeight = max(1, cellHeight)
  }

  /// Draws from the top left; what does not fit is cut.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let shades = Array(frame.glyphs == .ascii ? ".:+#@" : "·░▒▓█").map(String.init)
    for (row, line) in values.prefix(rect.height).enumerated() {
      for (column, value) in line.prefix(rect.width).enumerated() {
        let fraction = value.isNaN ? 0 : min(max(value, 0), 1)
        let shade = shades[Int((fraction * Double(shades.count - 1)).rounded())]
        let cell = Rect(
          x: rect.x + column * cellWidth, y: rect.y + row * cellHeight, width: cellWidth,
          height: cellHeight)
        frame.fill(cell, with: shade, style: Style(.heat(fraction)))
      }
    }
  }
}
