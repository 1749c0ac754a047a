/// A horizontal bar, exact to an eighth of a column: `█████▎`.
public struct Bar: Widget {
  /// How much of the region is filled, 0 to 1.
  public var fraction: Double
  /// How the filled part looks.
  public var style: Style
  /// Where a target is marked, 0 to 1; nil for none.
  public var target: Double?

  /// Makes a bar.
  public init(_ fraction: Double, style: Style = Style(.series1), target: Double? = nil) {
    self.fraction = fraction
    self.style = style
    self.target = target
  }

  /// The bar as text of that many columns or fewer, without anything for the empty part.
  public static func text(_ fraction: Double, columns: Int, glyphs: GlyphSet) -> String {
    let columns = min(max(columns, 0), Size.limit)
    let fraction = fraction.isNaN ? 0 : min(max(fraction, 0), 1)
    guard glyphs != .ascii else {
      return String(repeating: "#", count: Int((fraction * Double(columns)).rounded()))
    }
    let eighths = Int((fraction * Double(columns) * 8).rounded())
    let full = String(repeating: "█", count: eighths / 8)
    return eighths % 8 == 0 ? full : full + parts[eighths % 8 - 1]
  }

  /// Draws the bar into the first row.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let row = rect.row(0)
    frame.put(
      Bar.text(fraction, columns: row.width, glyphs: frame.glyphs), at: row.origin, style: style)
    guard let target, !target.isNaN else { return }
    let column = Int((min(max(target, 0), 1) * Double(row.width - 1)).rounded())
    frame.put("┆", at: Point(x: row.x + column, y: row.y), style: .accent)
  }

  private static let parts = "▏▎▍▌▋▊▉".map(String.init)
}
