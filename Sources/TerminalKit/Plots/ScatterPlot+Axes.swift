extension ScatterPlot {
  /// Where the points are drawn when the plot is drawn into `rect`.
  func area(axes: (x: PlotAxis, y: PlotAxis), in rect: Rect) -> Rect {
    let labels = [yLabel(axes.y.range.lowerBound), yLabel(axes.y.range.upperBound)]
    let labelWidth = labels.map(\.displayWidth).max() ?? 0
    let left = rect.width >= labelWidth + 6 ? labelWidth + 1 : rect.width >= 4 ? 1 : 0
    return rect.inset(left: left, bottom: rect.height >= 3 ? 1 : 0)
  }

  /// Draws the axes with their labels and returns where the points are drawn.
  func drawAxes(_ axes: (x: PlotAxis, y: PlotAxis), on frame: inout Frame, in rect: Rect) -> Rect {
    let area = area(axes: axes, in: rect)
    guard area.x > rect.x else { return area }
    let box = frame.glyphs.box
    let labels = Rect(x: rect.x, y: rect.y, width: area.x - rect.x - 1, height: area.height)
    for row in 0..<area.height {
      frame.put(box.teeLeft, at: Point(x: area.x - 1, y: area.y + row), style: .border)
    }
    let (low, high) = (axes.y.range.lowerBound, axes.y.range.upperBound)
    if area.height > 1 {
      frame.put(
        yLabel(low), in: labels.row(area.height - 1), style: .muted, alignment: .trailing)
    }
    frame.put(yLabel(high), in: labels.row(0), style: .muted, alignment: .trailing)
    for value in axes.y.ticks(atMost: (area.height - 2) / 3) {
      guard let step = axes.y.step(of: value, steps: area.height), step >= 2,
        step < area.height - 2, ![yLabel(low), yLabel(high)].contains(yLabel(value))
      else { continue }
      frame.put(
        yLabel(value), in: labels.row(area.height - 1 - step), style: .muted, alignment: .trailing)
    }
    guard area.maxY < rect.maxY else { return area }
    frame.put(box.bottomLeft, at: Point(x: area.x - 1, y: area.maxY), style: .border)
    let line = Rect(x: area.x, y: area.maxY, width: area.width, height: 1)
    frame.horizontalLine(at: line.origin, length: line.width)
    let start = frame.put(xLabel(axes.x.range.lowerBound), at: line.origin, style: .muted)
    let end = xLabel(axes.x.range.upperBound)
    guard start + 1 + end.displayWidth <= line.maxX else { return area }
    frame.put(end, in: line, style: .muted, alignment: .trailing)
    var free = start + 1
    for value in axes.x.ticks(atMost: line.width / 10) {
      let text = xLabel(value)
      guard let step = axes.x.step(of: value, steps: area.width) else { continue }
      let place = area.x + step - text.displayWidth / 2
      guard place >= free, place + text.displayWidth < line.maxX - end.displayWidth else {
        continue
      }
      free = frame.put(text, at: Point(x: place, y: line.y), style: .muted) + 1
    }
    return area
  }

  /// The index of the point drawn nearest to a position, at most `reach` cells away.
  ///
  /// `rect` is the region that the plot is drawn into. A row counts as two columns, as on the screen.
  public func index(near point: Point, in rect: Rect, reach: Int = 3) -> Int? {
    guard !rect.isEmpty, rect.contains(point) else { return nil }
    let axes = axes
    let area = area(axes: axes, in: rect)
    let distances = marks.indices.compactMap { index -> (index: Int, distance: Int)? in
      guard let cell = cell(of: marks[index], axes: axes, in: area) else { return nil }
      let (dx, dy) = (cell.x - point.x, 2 * (cell.y - point.y))
      return (index, dx * dx + dy * dy)
    }
    guard let nearest = distances.min(by: { $0.distance < $1.distance }),
      nearest.distance <= reach * reach
    else { return nil }
    return nearest.index
  }
}
