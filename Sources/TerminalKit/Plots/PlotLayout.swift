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
  /// Round values between them, with their rows.
  private let ticks: [(row: Int, text: String)]

  /// Small regions lose their labels first, then the axis.
  init(rect: Rect, axis: PlotAxis) {
    let (least, most) = (axis.range.lowerBound, axis.range.upperBound)
    let step = (most / 2 - least / 2) * 2 / 5
    low = AxisNumber.text(least, step: step)
    high = AxisNumber.text(most, step: step)
    let (upper, below) = rect.splitBottom(rect.height >= 3 ? 1 : 0)
    let values = axis.ticks(atMost: (upper.height - 2) / 3)
    ticks = values.compactMap { value in
      guard let row = axis.step(of: value, steps: upper.height) else { return nil }
      // Not beside the ends, which have their own.
      return row >= 2 && row < upper.height - 2
        ? (upper.height - 1 - row, AxisNumber.text(value, step: step)) : nil
    }
    let labelWidth = ([low, high] + ticks.map(\.text)).map(\.displayWidth).max() ?? 0
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
    for (row, text) in ticks {
      frame.put(text, in: valueColumn.row(row), style: .muted, alignment: .trailing)
    }
    frame.put(
      low, in: valueColumn.row(valueColumn.height - 1), style: .muted, alignment: .trailing)
  }
}
