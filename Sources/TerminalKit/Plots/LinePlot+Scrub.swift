extension LinePlot {
  /// The index whose value is drawn in the column of a position; nil outside the lines' area.
  ///
  /// `rect` is the region that the plot is drawn into.
  public func index(at point: Point, in rect: Rect) -> Int? {
    let values = series.lazy.flatMap(\.values)
    let axis = PlotAxis(scale: scale, range: range, values: values)
    let area = PlotLayout(rect: rect, axis: axis).area
    guard area.contains(point), count > 0 else { return nil }
    guard area.width > 1 else { return firstIndex }
    return firstIndex + ((point.x - area.x) * (count - 1) + (area.width - 1) / 2) / (area.width - 1)
  }

  /// The column in which the value of an index is drawn.
  func column(of index: Int, in area: Rect) -> Int? {
    let (offset, overflow) = index.subtractingReportingOverflow(firstIndex)
    guard !overflow, offset >= 0, offset < count, !area.isEmpty else { return nil }
    return count > 1 ? area.x + offset * (area.width - 1) / (count - 1) : area.x
  }
}
