import TerminalKit
import TestSupport
import Testing

/// Every widget at every size up to 40 x 20, in every glyph set, with content of every kind.
struct WidgetPropertyTests {
  enum Kind: String, CaseIterable {
    case linePlot, scatterPlot, bar, gauge, sparkline, heatGrid, list, textField, dialog, menu

    func draw(on frame: inout Frame, in rect: Rect, random: inout SplitMix) {
      let count = Int.random(in: 0...30, using: &random)
      let values = random.values(count)
      let fraction = random.values(1)[0]
      let index = Int.random(in: -2...31, using: &random)
      switch self {
      case .linePlot:
        var plot = LinePlot([.init(values), .init(random.values(count), isDotted: true)])
        plot.scale = Bool.random(using: &random) ? .linear : .logarithmic
        plot.smoothing = fraction
        plot.showsBest = true
        plot.cursor = index
        frame.draw(plot, in: rect)
        _ = plot.index(at: rect.origin, in: rect)
      case .scatterPlot:
        let marks = zip(values, random.values(count)).map {
          ScatterPlot.Mark(x: $0, y: $1, marker: $0 > 1 ? "漢" : nil)
        }
        let plot = ScatterPlot(marks, highlighted: index)
        frame.draw(plot, in: rect)
        _ = plot.index(near: rect.origin, in: rect)
      case .bar: frame.draw(Bar(fraction, target: values.first), in: rect)
      case .gauge: frame.draw(Gauge(random.text(3), bar: Bar(fraction)), in: rect)
      case .sparkline: frame.draw(Sparkline(values), in: rect)
      case .heatGrid:
        frame.draw(HeatGrid([values, random.values(5)], cellHeight: 3), in: rect)
      case .list:
        let rows = (0..<count).map { _ in [Span(random.text(3)), Span(random.text(9), .muted)] }
        frame.draw(ListView(rows, selected: index, offset: index), in: rect)
      case .textField:
        frame.draw(
          TextFieldView(TextField(random.text(9)), prompt: ":", placeholder: "name"), in: rect)
      case .dialog:
        let buttons = [random.text(2), random.text(1)]
        frame.draw(
          Dialog(title: random.text(3), message: random.text(count), buttons: buttons), in: rect)
      case .menu:
        let items = (0..<count).map { _ in Menu.Item(random.text(4), note: random.text(3)) }
        frame.draw(Menu(items, selected: index, offset: index), in: rect)
      }
    }
  }

  @Test(arguments: Kind.allCases, GlyphSet.allCases)
  func staysInsideItsRegion(kind: Kind, glyphs: GlyphSet) {
    var random = SplitMix(state: 1)
    let outside = Style(.rgb(RGB(1, 2, 3)))
    for height in 0...20 {
      for width in 0...40 {
        let rect = Rect(x: 2, y: 1, width: width, height: height)
        var frame = Frame(size: Size(width: width + 4, height: height + 2), glyphs: glyphs)
        frame.fill(frame.bounds, with: "@", style: outside)
        frame.fill(rect, with: " ")
        kind.draw(on: &frame, in: rect, random: &random)
        var isIntact = true
        for y in 0..<frame.size.height {
          for x in 0..<frame.size.width where !rect.contains(Point(x: x, y: y)) {
            let cell = frame[Point(x: x, y: y)]
            if cell?.text != "@" || cell?.style != outside { isIntact = false }
          }
        }
        #expect(isIntact, "\(kind) \(width)x\(height) drew outside")
        #expect(FrameTests.isConsistent(frame))
        #expect(frame.cursor.map(rect.contains) ?? true)
        if glyphs == .ascii { #expect(frame.text.utf8.allSatisfy { $0 < 0x80 }) }
      }
    }
  }

  @Test(arguments: Kind.allCases)
  func aRegionPartlyOutsideTheFrameIsFine(kind: Kind) {
    var random = SplitMix(state: 5)
    var frame = Frame(size: Size(width: 20, height: 8))
    for x in [-30, -5, 0, 15, 25] {
      for y in [-9, -2, 3, 9] {
        kind.draw(
          on: &frame, in: Rect(x: x, y: y, width: 24, height: 9), random: &random)
        #expect(FrameTests.isConsistent(frame))
      }
    }
  }
}
