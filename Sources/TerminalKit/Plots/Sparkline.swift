/// The last values of a series in one row, one column each: `▁▂▅▇▆`.
public struct Sparkline: Widget {
  /// The values; only those that fit are shown, the last ones.
  public var values: [Double]
  /// How it looks.
  public var style: Style
  /// The values at the bottom and the top; nil for the least and the greatest shown.
  public var range: ClosedRange<Double>?

  /// Makes a sparkline.
  public init(_ values: [Double], style: Style = Style(.series1), range: ClosedRange<Double>? = nil)
  {
    self.values = values
    self.style = style
    self.range = range
  }

  /// Draws into the last row, up to its right end.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let row = rect.row(rect.height - 1)
    let shown = values.suffix(row.width)
    let axis = PlotAxis(scale: .linear, range: range, values: shown)
    let glyphs = Array(frame.glyphs == .ascii ? "_.-~=+*#" : "▁▂▃▄▅▆▇█")
    for (offset, value) in shown.enumerated() {
      guard let step = axis.step(of: value, steps: glyphs.count) else { continue }
      let glyph = String(glyphs[min(max(step, 0), glyphs.count - 1)])
      frame.put(glyph, at: Point(x: row.maxX - shown.count + offset, y: row.y), style: style)
    }
  }
}
