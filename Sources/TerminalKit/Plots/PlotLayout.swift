/// Where the parts of a plot go: labels and axis at the left, labels below, the rest for the lines.
struct PlotLayout {
  /// Where the lines are drawn.
  let area: Rect
  /// The row of labels below.
  let labels: Rect
  private let axisColumn: Rect
  private let valueColumn: Rect
  private let low: String
  private let high: String

  /// Small regions lose their labels first, then the axis.
  init(rect: Rect, axis: PlotAxis) {
    low = AxisNumber.text(axis.range.lowerBound)
    high = AxisNumber.text(axis.range.upperBound)
    let (upper, below) = rect.splitBottom(rect.height >= 3 ? 1 : 0)
    let labelWidth = max(low.displayWidth, high.displayWidth)
    let hasLabels = rect.width >= labelWidth + 6
    let left = upper.splitLeft(hasLabels ? labelWidth : 0)
    valueColumn = left.left
    let middle = left.rest.splitLeft(rect.width >= 4 ? 1 : 0)
    axisColumn = middle.left
    area = middle.rest
    labels = below.inset(left: area.x - rect.x)
  }

  func drawValueAxis(on frame: inout Frame) {
    frame.verticalLine(at: axisColumn.origin, length: axisColumn.height)
    guard !axisColumn.isEmpty else { return }
    let box = frame.glyphs.box
    for row in 0..<axisColumn.height {
      let isLast = row == axisColumn.height - 1
      frame.put(isLast ? box.cross : box.teeLeft, in: axisColumn.row(row), style: .border)
    }
    frame.put(high, in: valueColumn.row(0), style: .muted, alignment: .trailing)
    guard valueColumn.height > 1 else { return }
    frame.put(
      low, in: valueColumn.row(valueColumn.height - 1), style: .muted, alignment: .trailing)
  }
}
