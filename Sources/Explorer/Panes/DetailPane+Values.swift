internal import Formats
internal import ModelGraph
internal import Patterns
internal import TerminalKit

extension DetailPane {
  /// The operators of the row with their attributes, as files have them, and their tensors.
  ///
  /// - Returns: the rows that they take.
  func drawAttributes(of nodes: [Int], on frame: inout Frame, in rect: Rect) -> Int {
    let graph = model.space.graph
    var lines: [[Span]] = []
    for index in nodes {
      let node = graph.nodes[index]
      lines.append([Span(node.op.name, .title), Span(" \(node.name)", .muted)])
      let attributes = node.op.attributes.compactMap { member -> String? in
        // Names of tensors follow with their shapes.
        if case .string = member.value { return nil }
        return "\(member.key) \(member.value.compact)"
      }
      if !attributes.isEmpty {
        lines += attributes.joined(separator: ", ").wrapped(toColumns: max(1, rect.width - 2))
          .map { [Span("  \($0)")] }
      }
      lines += graph.parameters(of: index).map {
        [Span("  \($0.name)"), Span("  \($0.shape)", .muted)]
      }
    }
    guard !lines.isEmpty, rect.height >= lines.count + 2 else { return 0 }
    for (row, line) in lines.enumerated() { frame.put(line, in: rect.row(row)) }
    return lines.count + 1
  }

  /// A histogram with its ends and its mean.
  ///
  /// - Returns: the rows that it takes.
  func drawHistogram(
    _ name: String, _ histogram: Histogram?, on frame: inout Frame, in rect: Rect
  ) -> Int {
    guard let histogram, rect.height >= 3 else { return 0 }
    func text(_ value: Double) -> String { Numbers.decimal(value, places: 3) }
    let (low, high) = (text(histogram.range.lowerBound), text(histogram.range.upperBound))
    let start = frame.put(
      [Span(name.padded(to: 10), .muted), Span("\(low) ")], at: rect.origin)
    let most = Double(max(histogram.bins.max() ?? 1, 1))
    // By its root: few values are far from the mean.
    let bars = histogram.bins.map { (Double($0) / most).squareRoot() }
    let plot = Rect(x: start, y: rect.y, width: min(bars.count, rect.maxX - start), height: 1)
    frame.draw(Sparkline(bars, style: Style(.series1), range: 0...1), in: plot)
    frame.put(" \(high)", in: rect.row(0).inset(left: plot.maxX - rect.x))
    frame.put(
      [
        Span("".padded(to: 10)), Span("mean ", .muted), Span(text(histogram.mean)),
        Span("  std ", .muted), Span(text(histogram.deviation)),
        Span("  zero ", .muted), Span(Numbers.percent(histogram.zeros)),
      ], in: rect.row(1))
    return 3
  }
}
