import TerminalKit
import TestSupport
import Testing

struct PlotTests {
  static func text(_ widget: some Widget, _ width: Int, _ height: Int, _ glyphs: GlyphSet) -> String
  {
    var frame = Frame(size: Size(width: width, height: height), glyphs: glyphs)
    frame.draw(widget, in: frame.bounds)
    return frame.text
  }

  static let curve = (0...40).map { 0.1 + 0.73 * Double($0 * (80 - $0)) / 1600 }

  @Test func aLinePlotInBraille() {
    #expect(
      Self.text(LinePlot(Self.curve), 30, 5, .braille) == """
        .83┤             ⣀⣀⠤⠤⠔⠒⠒⠊⠉⠉⠉⠉⠉
           ┤       ⢀⡠⠤⠒⠊⠉
           ┤   ⣀⠤⠔⠉⠁
        .10┼⡠⠔⠉
            0           20          40
        """)
  }

  @Test func aLinePlotInASCII() {
    #expect(
      Self.text(LinePlot(Self.curve), 30, 5, .ascii) == """
        .83+             .....:'''''''
           +       ...:'''
           +   ..''
        .10+.''
            0           20          40
        """)
  }

  @Test func aScatterPlot() {
    let marks = (0..<8).map { ScatterPlot.Mark(x: 0.2 + Double($0) / 10, y: 90 + Double($0 % 5)) }
    var plot = ScatterPlot(marks, highlighted: 4)
    plot.xLabel = { "\(Int(($0 * 100).rounded()))%" }
    #expect(
      Self.text(plot, 30, 5, .braille) == """
        94┤               ◆
          ┤       ⢀   ⠈              ⢀
          ┤    ⡀                 ⢀
        90┤⡀                  ⡀
          └20%───────50%───────────90%
        """)
  }

  @Test(arguments: [
    (0.0, ""), (1.0, "████████"), (0.44, "███▌"), (0.51, "████▏"), (-3.0, ""), (9.0, "████████"),
    (Double.nan, ""),
  ])
  func barsAreExactToAnEighth(fraction: Double, text: String) {
    #expect(Bar.text(fraction, columns: 8, glyphs: .braille) == text)
  }

  @Test func gaugesAndSparklines() {
    #expect(Self.text(Gauge("MACs", bar: Bar(0.41)), 20, 1, .braille) == "MACs ████▏       41%")
    #expect(Self.text(Gauge("MACs", bar: Bar(0.41)), 20, 1, .ascii) == "MACs ####        41%")
    #expect(Self.text(Gauge("MACs", bar: Bar(0.41)), 4, 1, .ascii) == " 41%")
    #expect(Self.text(Sparkline([0, 1, 2, 3, .nan, 7]), 8, 1, .braille) == "  ▁▂▃▄ █")
  }

  @Test func heatIsShadedToo() {
    #expect(Self.text(HeatGrid([[0, 1], [0.5, .nan]]), 6, 3, .braille) == "··██\n▒▒··\n")
  }

  @Test(arguments: [
    (0.0, "0"), (0.831, ".83"), (0.1, ".10"), (-0.21, "-.21"), (94, "94"), (41.5, "41.5"),
    (9.25, "9.25"),
    (231e6, "231M"), (69.4e6, "69.4M"), (1e21, "1e21"), (0.00004, "4e-5"), (999.9, "1k"),
    (0.0099, ".010"), (.leastNonzeroMagnitude, "0"), (Double.infinity, "inf"),
    (-Double.greatestFiniteMagnitude, "-2e308"),
  ])
  func axisNumbersAreShort(value: Double, text: String) {
    #expect(AxisNumber.text(value) == text)
  }

  @Test func axisNumbersNeverExceedSevenColumns() {
    var random = SplitMix(state: 4)
    for _ in 0..<5000 {
      let value = Double(bitPattern: random.next())
      #expect(AxisNumber.text(value).count <= 7)
    }
  }

  @Test func smoothingKeepsConstantsAndGaps() {
    #expect(Smoothing.exponential([2, 2, 2], weight: 0.9) == [2, 2, 2])
    #expect(Smoothing.exponential([0, .infinity, 1], weight: 0.5) == [0, .infinity, 0.5])
    #expect(Smoothing.bestSoFar([1, 3, 2, .nan, 5]) == [1, 3, 3, 3, 5])
    #expect(Smoothing.bestSoFar([4, 3, 9], lessIsBetter: true) == [4, 3, 3])
  }

  /// Pointing at the column in which an index is drawn finds that index, or one drawn in the same column.
  @Test(arguments: [1, 2, 5, 40, 400])
  func scrubbingFindsWhatIsDrawn(count: Int) {
    let rect = Rect(x: 0, y: 0, width: 60, height: 8)
    var plot = LinePlot((0..<count).map(Double.init))
    plot.firstIndex = 10
    for index in stride(from: 10, to: 10 + count, by: max(1, count / 50)) {
      plot.cursor = index
      var frame = Frame(size: rect.size)
      frame.draw(plot, in: rect)
      let column = (0..<60).last { frame[Point(x: $0, y: 1)]?.style == .accent }
      guard let column, let found = plot.index(at: Point(x: column, y: 1), in: rect) else {
        continue
      }
      #expect(abs(found - index) <= (count - 1) / 50 + 1)
    }
  }

  @Test func theBestValueBeginsAnewAfterABreak() {
    var plot = LinePlot([5, 9, 7, 2, 1, 3, 2])
    plot.showsBest = true
    plot.firstIndex = 1
    plot.breaks = [4, 99, .min]
    let text = Self.text(plot, 22, 8, .ascii)
    // Nothing is drawn at the height of the 9 beyond the break, which has a line of its own.
    let top = text.split(separator: "\n")[0]
    #expect(top.count < 16)
    #expect(text.split(separator: "\n").allSatisfy { $0.count < 13 || $0.contains(" ") })
  }

  @Test func aScatterPlotHasIntervalsAndLines() {
    var plot = ScatterPlot([
      .init(x: 0, y: 0), .init(x: 5, y: 5, marker: "o", interval: 2.5...50), .init(x: 10, y: 10),
    ])
    plot.guides = [.init(.y, at: 8), .init(.x, at: 12)]
    #expect(
      Self.text(plot, 20, 7, .ascii) == """
        10+       :     '  '
          +'   '  :'   '   '
          +       o        '
          +       :        '
          +       '        '
         0+.               '
          +0--------------12
        """)
  }

  @Test func clickingFindsTheNearestPoint() {
    let rect = Rect(x: 0, y: 0, width: 44, height: 12)
    let plot = ScatterPlot([.init(x: 0, y: 0), .init(x: 10, y: 10)])
    #expect(plot.index(near: Point(x: 43, y: 0), in: rect) == 1)
    #expect(plot.index(near: Point(x: 20, y: 5), in: rect) == nil)
    #expect(plot.index(near: Point(x: 99, y: 0), in: rect) == nil)
  }
}
