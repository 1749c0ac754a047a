/// One or more series of values over their index, with a value axis at the left.
///
///     .83┤           ⢀⣀⠤⠔⠒⠉⠉⠒⠤⠒⠉⠉⠉
///        ┤     ⢀⣀⠤⠒⠉
///     .10┼⠤⠔⠊⠁
///        0         107          214
public struct LinePlot: Widget {
  /// A line.
  public struct Series: Hashable, Sendable {
    /// Values; those that are not finite are gaps.
    public var values: [Double]
    /// How the line looks.
    public var style: Style
    /// Whether only every third point is drawn, to be told from others without colour.
    public var isDotted: Bool

    /// Makes a line.
    public init(_ values: [Double], style: Style = Style(.series1), isDotted: Bool = false) {
      self.values = values
      self.style = style
      self.isDotted = isDotted
    }
  }

  /// The lines; later ones are drawn over earlier ones.
  public var series: [Series]
  /// How values are spread.
  public var scale = PlotScale.linear
  /// The values shown; nil for all there are.
  public var range: ClosedRange<Double>?
  /// The weight of the past in the exponential moving average, 0 (none) to 1.
  public var smoothing = 0.0
  /// Whether the best value so far of the first line is drawn as a dotted line.
  public var showsBest = false
  /// Whether less is better, for the best value so far.
  public var lessIsBetter = false
  /// Indices, counted like `firstIndex`, from which on values are of another kind: each has an upright dotted line
  /// before it, and the best value so far begins anew there.
  public var breaks: [Int] = []
  /// The index of the first value, for the labels.
  public var firstIndex = 0
  /// The index, counted like `firstIndex`, whose column is marked.
  public var cursor: Int?

  /// Makes a plot of those lines.
  public init(_ series: [Series]) {
    self.series = series
  }

  /// Makes a plot of one line.
  public init(_ values: [Double]) {
    self.init([Series(values)])
  }

  /// How many positions the index axis has.
  var count: Int { series.map(\.values.count).max() ?? 0 }

  /// The lines as they are drawn: smoothed, the best one added.
  private var drawn: [Series] {
    var lines = series.map { line in
      var line = line
      if smoothing > 0 { line.values = Smoothing.exponential(line.values, weight: smoothing) }
      return line
    }
    if showsBest, let first = series.first {
      let ends = places(of: breaks, among: first.values.count) + [first.values.count]
      var best: [Double] = []
      for end in ends {
        let values = Array(first.values[best.count..<end])
        // Not where the line has only gaps.
        best +=
          values.contains(where: \.isFinite)
          ? Smoothing.bestSoFar(values, lessIsBetter: lessIsBetter) : values
      }
      lines.insert(Series(best, style: Style(.good), isDotted: true), at: 0)
    }
    return lines
  }

  /// Draws axes, labels and lines; what there is no room for is left out.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let lines = drawn
    let axis = PlotAxis(scale: scale, range: range, values: lines.lazy.flatMap(\.values))
    let layout = PlotLayout(rect: rect, axis: axis)
    layout.drawValueAxis(on: &frame)
    drawIndexLabels(on: &frame, in: layout.labels)
    drawCursor(on: &frame, in: layout.area)
    var grid = SubcellGrid(size: layout.area.size, glyphs: frame.glyphs)
    drawBreaks(onto: &grid)
    for line in lines { trace(line, axis: axis, onto: &grid) }
    frame.clipped(to: layout.area) { grid.draw(on: &$0, at: layout.area.origin) }
  }

  /// Where indices are among so many values, ascending; those without a value before them are left out.
  private func places(of indices: [Int], among count: Int) -> [Int] {
    indices.map { $0.subtractingReportingOverflow(firstIndex).partialValue }
      .filter { $0 > 0 && $0 < count }.sorted()
  }

  private func drawBreaks(onto grid: inout SubcellGrid) {
    let count = count
    for place in places(of: breaks, among: count) {
      let x = place * (grid.width - 1) / max(1, count - 1)
      for y in stride(from: 0, to: grid.height, by: 2) { grid.set(x: x, y: y, style: .muted) }
    }
  }

  private func trace(_ line: Series, axis: PlotAxis, onto grid: inout SubcellGrid) {
    guard grid.width > 0, grid.height > 0 else { return }
    let count = count
    var last: Point?
    // The rows drawn in the present column: with many points a column, most add nothing.
    var covered = 0...0
    for (index, value) in line.values.enumerated() {
      guard let step = axis.step(of: value, steps: grid.height) else {
        last = nil
        continue
      }
      let x = count > 1 ? index * (grid.width - 1) / (count - 1) : 0
      let point = Point(x: x, y: grid.height - 1 - step)
      if last?.x == x, covered.contains(point.y) {
        last = point
        continue
      }
      covered =
        last?.x == x
        ? min(covered.lowerBound, point.y)...max(covered.upperBound, point.y) : point.y...point.y
      if line.isDotted {
        if x % 3 == 0 { grid.set(x: point.x, y: point.y, style: line.style) }
        if let last { dots(from: last, to: point, style: line.style, onto: &grid) }
      } else {
        grid.line(from: last ?? point, to: point, style: line.style)
      }
      last = point
    }
  }

  /// A step from one point to the next: values in between did not exist.
  private func dots(from: Point, to: Point, style: Style, onto grid: inout SubcellGrid) {
    guard to.x > from.x else { return }
    for x in from.x..<to.x where x % 3 == 0 { grid.set(x: x, y: from.y, style: style) }
  }

  private func drawIndexLabels(on frame: inout Frame, in row: Rect) {
    guard count > 0, !row.isEmpty else { return }
    let last = firstIndex + count - 1
    let end = "\(last)"
    let middle = "\(firstIndex + (count - 1) / 2)"
    let used = frame.put("\(firstIndex)", at: row.origin, style: .muted)
    if end.count + used + 1 <= row.maxX {
      frame.put(end, in: row, style: .muted, alignment: .trailing)
    }
    let start = row.x + (row.width - middle.count) / 2
    if count > 2, start > used, start + middle.count < row.maxX - end.count {
      frame.put(middle, at: Point(x: start, y: row.y), style: .muted)
    }
  }

  private func drawCursor(on frame: inout Frame, in area: Rect) {
    guard let cursor, let column = column(of: cursor, in: area) else { return }
    frame.verticalLine(at: Point(x: column, y: area.y), length: area.height, style: .accent)
  }
}
