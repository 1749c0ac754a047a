/// A drawing with two axes, to be put into a page. Colours are the page's: classes name what is drawn.
struct Chart {
  private let x: Axis
  private let y: Axis
  private let title: String
  private let labels: (x: String, y: String)
  private var marks: [Markup] = []

  private static let width = 460.0
  private static let height = 280.0
  private static let left = 56.0
  private static let right = 14.0
  private static let top = 30.0
  private static let bottom = 46.0

  /// An empty chart.
  ///
  /// - Parameters:
  ///   - title: what it shows, for those who cannot see it.
  ///   - labels: what the axes measure.
  init(_ title: String, x: Axis, y: Axis, labels: (x: String, y: String)) {
    self.title = title
    self.x = x
    self.y = y
    self.labels = labels
  }

  private func place(_ point: (x: Double, y: Double)) -> (x: String, y: String) {
    let across = Self.left + x.place(point.x) * (Self.width - Self.left - Self.right)
    let down = Self.height - Self.bottom - y.place(point.y) * (Self.height - Self.top - Self.bottom)
    return (across.fixed(1), down.fixed(1))
  }

  /// Draws a line from point to point.
  mutating func line(_ points: [(x: Double, y: Double)], _ kind: String) {
    guard points.count > 1 else { return }
    let text = points.map { point in
      let (across, down) = place(point)
      return "\(across),\(down)"
    }
    marks.append(Markup("polyline", ["class": kind, "points": text.joined(separator: " ")]))
  }

  /// Draws a line in steps, which holds each value until the next one.
  mutating func steps(_ points: [(x: Double, y: Double)], _ kind: String) {
    var path: [(x: Double, y: Double)] = []
    for point in points {
      if let last = path.last { path.append((point.x, last.y)) }
      path.append(point)
    }
    line(path, kind)
  }

  /// Draws a dot; its note is shown to who points at it.
  mutating func dot(_ point: (x: Double, y: Double), _ kind: String, radius: Double, note: String) {
    let (across, down) = place(point)
    marks.append(
      Markup(
        "circle", ["class": kind, "cx": across, "cy": down, "r": radius.fixed(1)],
        [Markup("title", text: note)]))
  }

  /// Draws a range of values at one place.
  mutating func range(_ values: ClosedRange<Double>, x: Double, _ kind: String) {
    line([(x, values.lowerBound), (x, values.upperBound)], kind)
  }

  /// Draws a level across the chart, with its name above its left end.
  mutating func level(_ value: Double, _ kind: String, name: String) {
    line([(x.range.lowerBound, value), (x.range.upperBound, value)], kind)
    let (across, down) = place((x.range.lowerBound, value))
    marks.append(
      Markup("text", ["class": "note", "x": across, "y": down, "dx": "4", "dy": "-5"], text: name))
  }

  /// Draws a moment from the bottom to the top, with its name beside it.
  mutating func moment(_ value: Double, _ kind: String, name: String) {
    line([(value, y.range.lowerBound), (value, y.range.upperBound)], kind)
    let (across, down) = place((value, y.range.upperBound))
    marks.append(
      Markup("text", ["class": "note", "x": across, "y": down, "dx": "4", "dy": "8"], text: name))
  }

  /// The chart as it is put into the page.
  var markup: Markup {
    let (end, base) = (Self.width - Self.right, Self.height - Self.bottom)
    var frame: [Markup] = [Markup("title", text: title)]
    for tick in y.ticks {
      let down = place((x.range.lowerBound, tick)).y
      frame.append(
        Markup(
          "line",
          ["class": "grid", "x1": Self.left.fixed(1), "x2": end.fixed(1), "y1": down, "y2": down]))
      frame.append(
        Markup(
          "text",
          [
            "class": "tick", "x": (Self.left - 8).fixed(1), "y": down, "dy": "4",
            "text-anchor": "end",
          ],
          text: y.label(tick)))
    }
    for tick in x.ticks {
      let across = place((tick, y.range.lowerBound)).x
      frame.append(
        Markup(
          "line",
          [
            "class": "axis", "x1": across, "x2": across, "y1": base.fixed(1),
            "y2": (base + 4).fixed(1),
          ]))
      frame.append(
        Markup(
          "text",
          ["class": "tick", "x": across, "y": (base + 18).fixed(1), "text-anchor": "middle"],
          text: x.label(tick)))
    }
    frame.append(
      Markup(
        "line",
        [
          "class": "axis", "x1": Self.left.fixed(1), "x2": end.fixed(1), "y1": base.fixed(1),
          "y2": base.fixed(1),
        ]))
    let middle = ((Self.left + end) / 2).fixed(1)
    frame.append(
      Markup(
        "text",
        ["class": "label", "x": middle, "y": (Self.height - 6).fixed(1), "text-anchor": "middle"],
        text: labels.x))
    frame.append(Markup("text", ["class": "label", "x": "0", "y": "13"], text: labels.y))
    return Markup(
      "svg",
      ["class": "chart", "viewBox": "0 0 \(Int(Self.width)) \(Int(Self.height))", "role": "img"],
      frame + marks)
  }
}
