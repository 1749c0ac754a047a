/// A label, a bar and a value in one row: `MACs ████▎      41%`.
public struct Gauge: Widget {
  /// The quantity that is measured.
  public var label: String
  /// The value as text.
  public var value: String
  /// The bar.
  public var bar: Bar

  /// Makes a gauge; left out, the value is shown in percent.
  public init(_ label: String, bar: Bar, value: String? = nil) {
    self.label = label
    self.bar = bar
    let percent = bar.fraction.isFinite ? min(max(bar.fraction, -99), 99) * 100 : 0
    self.value = value ?? (bar.fraction.isFinite ? "\(Int(percent.rounded()))%" : "?")
  }

  /// Draws into the first row; where it is narrow the bar goes first, then the label.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let row = rect.row(0)
    let valueWidth = max(4, value.displayWidth)
    let (rest, right) = row.splitRight(min(valueWidth, row.width))
    frame.put(value, in: right, alignment: .trailing)
    let (left, middle) = rest.splitLeft(label.displayWidth + 1)
    frame.put(label, in: left.inset(right: left.width > label.displayWidth ? 1 : 0), style: .muted)
    frame.draw(bar, in: middle.inset(right: 1))
  }
}
