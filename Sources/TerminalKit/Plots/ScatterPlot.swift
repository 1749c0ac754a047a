/// Points over two axes, such as accuracy over MACs.
///
///     94┤       ⠂ ⠄   ◆ ⠁ ⡀
///     90┤   ⢀ ⠠ ⠂⠄
///       └20%───────41%────────100%
public struct ScatterPlot: Widget {
  /// A point.
  public struct Mark: Hashable, Sendable {
    /// Its place along the horizontal axis.
    public var x: Double
    /// Its place along the vertical axis.
    public var y: Double
    /// How it looks.
    public var style: Style
    /// A character to draw; nil for a dot finer than a cell.
    public var marker: Character?
    /// The values among which the true one is; drawn as a vertical line as far as they are on the plot.
    public var interval: ClosedRange<Double>?

    /// Makes a point.
    public init(
      x: Double, y: Double, style: Style = Style(.series1), marker: Character? = nil,
      interval: ClosedRange<Double>? = nil
    ) {
      self.x = x
      self.y = y
      self.style = style
      self.marker = marker
      self.interval = interval
    }
  }

  /// A dotted line across the plot, at a value of one of the axes.
  public struct Guide: Hashable, Sendable {
    /// The axes.
    public enum Axis: Hashable, Sendable {
      /// The line is upright, at a horizontal value.
      case x
      /// The line is level, at a vertical value.
      case y
    }

    /// The axis that the value is of.
    public var axis: Axis
    /// The value.
    public var value: Double
    /// How the line looks.
    public var style: Style

    /// Makes a line.
    public init(_ axis: Axis, at value: Double, style: Style = .muted) {
      self.axis = axis
      self.value = value
      self.style = style
    }
  }

  /// The points; later ones are drawn over earlier ones, those with a marker over all dots.
  public var marks: [Mark]
  /// Lines beneath the points.
  public var guides: [Guide] = []
  /// The index of the point that is set apart by `◆`.
  public var highlighted: Int?
  /// Horizontal values shown; nil for all there are.
  public var xRange: ClosedRange<Double>?
  /// Vertical values shown; nil for all there are.
  public var yRange: ClosedRange<Double>?
  /// How horizontal values are spread.
  public var xScale = PlotScale.linear
  /// How horizontal labels are written, such as in percent.
  public var xLabel: @Sendable (Double) -> String = AxisNumber.text
  /// How vertical labels are written.
  public var yLabel: @Sendable (Double) -> String = AxisNumber.text

  /// Makes a plot of those points.
  public init(_ marks: [Mark], highlighted: Int? = nil) {
    self.marks = marks
    self.highlighted = highlighted
  }

  var axes: (x: PlotAxis, y: PlotAxis) {
    func values(_ axis: Guide.Axis) -> [Double] {
      guides.filter { $0.axis == axis }.map(\.value)
    }
    return (
      PlotAxis(scale: xScale, range: xRange, values: marks.map(\.x) + values(.x)),
      PlotAxis(scale: .linear, range: yRange, values: marks.map(\.y) + values(.y))
    )
  }

  /// Draws axes, labels and points; what there is no room for is left out.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let axes = axes
    let area = drawAxes(axes, on: &frame, in: rect)
    var grid = SubcellGrid(size: area.size, glyphs: frame.glyphs)
    guard grid.width > 0, grid.height > 0 else { return }
    for guide in guides { draw(guide, axes, onto: &grid) }
    for mark in marks { drawInterval(of: mark, axes, onto: &grid) }
    for mark in marks where mark.marker == nil {
      guard let x = axes.x.step(of: mark.x, steps: grid.width),
        let y = axes.y.step(of: mark.y, steps: grid.height)
      else { continue }
      grid.set(x: x, y: grid.height - 1 - y, style: mark.style)
    }
    frame.clipped(to: area) { frame in
      grid.draw(on: &frame, at: area.origin)
      for mark in marks {
        guard let marker = mark.marker, let cell = cell(of: mark, axes: axes, in: area) else {
          continue
        }
        frame.put(String(marker), at: cell, style: mark.style)
      }
      guard let highlighted, marks.indices.contains(highlighted),
        let cell = cell(of: marks[highlighted], axes: axes, in: area)
      else { return }
      frame.put("◆", at: cell, style: .accent)
    }
  }

  private func draw(
    _ guide: Guide, _ axes: (x: PlotAxis, y: PlotAxis), onto grid: inout SubcellGrid
  ) {
    switch guide.axis {
    case .x:
      guard let x = axes.x.step(of: guide.value, steps: grid.width) else { return }
      for y in stride(from: 0, to: grid.height, by: 2) {
        grid.set(x: x, y: y, style: guide.style)
      }
    case .y:
      guard let step = axes.y.step(of: guide.value, steps: grid.height) else { return }
      for x in stride(from: 0, to: grid.width, by: 4) {
        grid.set(x: x, y: grid.height - 1 - step, style: guide.style)
      }
    }
  }

  private func drawInterval(
    of mark: Mark, _ axes: (x: PlotAxis, y: PlotAxis), onto grid: inout SubcellGrid
  ) {
    guard let interval = mark.interval, let x = axes.x.step(of: mark.x, steps: grid.width),
      let low = axes.y.step(of: interval.lowerBound, steps: grid.height),
      let high = axes.y.step(of: interval.upperBound, steps: grid.height)
    else { return }
    for y in max(0, low)...max(0, low, min(high, grid.height - 1)) {
      grid.set(x: x, y: grid.height - 1 - y, style: mark.style)
    }
  }

  func cell(of mark: Mark, axes: (x: PlotAxis, y: PlotAxis), in area: Rect) -> Point? {
    guard let x = axes.x.step(of: mark.x, steps: area.width),
      let y = axes.y.step(of: mark.y, steps: area.height)
    else { return nil }
    return Point(x: area.x + x, y: area.maxY - 1 - y)
  }
}
