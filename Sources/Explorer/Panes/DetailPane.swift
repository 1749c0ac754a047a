internal import Metrics
internal import ModelGraph
internal import Patterns
internal import Search
internal import TerminalKit

/// The selected layer: its choices, masks, kernel and cost, what it depends on, its attributes and values.
struct DetailPane: Widget {
  let model: ModelState
  let run: RunState
  /// The selected row.
  let row: Outline.Row?
  /// Whether the pane has the keyboard; then it can be scrolled, and everything has room.
  private let isFocused: Bool
  /// The first line shown.
  private let scroll: Int

  init(_ state: ExplorerState) {
    model = state.model
    run = state.run
    row = state.layers.selectedRow
    isFocused = state.screen.focus == .detail
    scroll = isFocused ? state.screen.scroll[.detail] ?? 0 : 0
  }

  /// Its name.
  var name: String { row.map(model.name(of:)) ?? "" }

  /// Where in it one is, if not all has room.
  func note(in rect: Rect, columns: Int) -> String {
    guard isFocused, case let lines = height(columns: rect.width), lines > rect.height else {
      return ""
    }
    let place = "\(min(scroll, lines - rect.height) + rect.height)/\(lines)"
    return ["\(place) ↓↑", place, "↓↑"].first { $0.displayWidth <= columns } ?? ""
  }

  /// More than the longest layer takes.
  private static let most = 160

  /// The rows that everything takes.
  func height(columns: Int) -> Int {
    let frame = whole(columns: columns, .braille)
    return (0..<Self.most).last { y in
      (0..<columns).contains { frame[Point(x: $0, y: y)]?.text != " " }
    }.map { $0 + 1 } ?? 0
  }

  private func whole(columns: Int, _ glyphs: GlyphSet) -> Frame {
    let size = Size(width: columns, height: Self.most)
    var frame = Frame(size: size, glyphs: glyphs)
    drawContent(on: &frame, in: frame.bounds)
    return frame
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    guard isFocused, case let lines = height(columns: rect.width), lines > rect.height else {
      return drawContent(on: &frame, in: rect)
    }
    let start = min(scroll, lines - rect.height)
    frame.draw(
      whole(columns: rect.width, frame.glyphs), at: Point(x: rect.x, y: rect.y - start))
  }

  private func drawContent(on frame: inout Frame, in rect: Rect) {
    guard let row else { return }
    let inner = rect.inset(left: rect.width > 20 ? 1 : 0)
    guard case .layer(let head) = row else { return drawGroup(row, on: &frame, in: inner) }
    let node = model.outline.heads[head]
    var lines = [shape(of: node)]
    let units = model.units(of: row)
    for unit in units { lines += [choice(of: unit)] }
    if let cost = cost(of: [node]) { lines.append(cost) }
    let loss = loss(of: units)
    if let loss { lines.append(loss) }
    // Where a pin is set, what it holds besides comes before the masks.
    let isPinned = units.contains { run.shown.pins[$0] && isShared($0) }
    if loss != nil, inner.height >= lines.count + 6, let whole = lossOfStrategy {
      lines.append(whole)
    }
    if inner.height >= lines.count + (isPinned ? 2 : 5) {
      lines += coupling(of: node, isPinned: isPinned, in: inner)
    }
    for (index, line) in lines.enumerated() where index < inner.height {
      frame.put(line, in: inner.row(index))
    }
    var rest = inner.splitTop(lines.count).rest
    func leave(_ rows: Int) { if rows > 0 { rest = rest.splitTop(rows).rest } }
    leave(drawMasks(of: node, on: &frame, in: rest) + 1)
    leave(drawNorms(of: node, on: &frame, in: rest))
    leave(drawHistogram("weights", model.weights?.values[node], on: &frame, in: rest))
    let last = model.nodes(in: row).last ?? node
    leave(drawHistogram("outputs", model.outputs[last], on: &frame, in: rest))
    leave(drawLosses(of: units, on: &frame, in: rest))
    leave(drawAttributes(of: model.nodes(in: row), on: &frame, in: rest))
  }

  private func isShared(_ unit: Int) -> Bool {
    if case .channels = model.space.units[unit].target { true } else { false }
  }

  /// The histogram of the filters' norms.
  ///
  /// - Returns: the rows that it takes.
  private func drawNorms(of node: Int, on frame: inout Frame, in rect: Rect) -> Int {
    guard let bins = model.weights?.normHistogram[node], rect.height >= 6 else { return 0 }
    let label = "filters by norm, 0 to the largest "
    let (text, plot) = rect.row(0).splitLeft(label.displayWidth)
    frame.put(label, in: text, style: .muted)
    frame.draw(
      Sparkline(
        bins.map(Double.init), style: Style(.series1), range: 0...Double(max(bins.max() ?? 1, 1))),
      in: plot.splitLeft(bins.count).left)
    return 2
  }

  /// The expected loss of each choice of the units alone, as bars; the one that is shown is marked.
  ///
  /// - Returns: the rows that they take.
  private func drawLosses(of units: [Int], on frame: inout Frame, in rect: Rect) -> Int {
    var rest = rect
    for unit in units where rest.height >= 4 {
      let menu = model.space.offers(for: unit, having: run.shown.choices[unit])
      let losses = menu.map { model.estimatedLoss(of: $0, unit: unit) }
      guard let most = losses.compactMap({ $0 }).max(), most > 0 else { continue }
      frame.put(
        [Span("\(model.space.units[unit].kind) ", .title), Span("by logit error", .muted)],
        in: rest.row(0))
      for (row, (pattern, loss)) in zip(menu, losses).enumerated() where row + 1 < rest.height {
        let (name, bar) = rest.row(row + 1).splitLeft(14)
        let (area, number) = bar.splitRight(8)
        let isShown = pattern == run.shown.choices[unit]
        frame.put(
          (isShown ? "◆ " : "  ") + pattern.name, in: name, style: isShown ? .accent : .plain)
        // By its root: most choices cost little beside the dearest.
        let share = ((loss ?? 0) / most).squareRoot()
        frame.draw(Bar(share, style: Style(.series2)), in: area)
        frame.put(
          loss.map(Numbers.loss) ?? "?", in: number, style: .muted, alignment: .trailing)
      }
      rest = rest.splitTop(menu.count + 2).rest
    }
    return rect.height - rest.height
  }

  private func drawGroup(_ row: Outline.Row, on frame: inout Frame, in rect: Rect) {
    let nodes = model.nodes(in: row)
    let layers = nodes.filter { model.space.graph.macs(of: $0) > 0 }
    let pinned = Set(layers.flatMap { model.space.units(of: $0) }).count { run.shown.pins[$0] }
    var lines = [[Span("\(layers.count) layers with weights")]]
    lines.append([Span("\(pinned) pinned choice\(pinned == 1 ? "" : "s")")])
    if let cost = cost(of: nodes) { lines.append(cost) }
    lines.append([Span("enter ", .accent), Span("folds or opens it", .muted)])
    for (index, line) in lines.enumerated() where index < rect.height {
      frame.put(line, in: rect.row(index))
    }
  }

  private func shape(of index: Int) -> [Span] {
    let graph = model.space.graph
    let node = graph.nodes[index]
    var text = node.op.label
    if let source = node.inputs.first, graph.macs(of: index) > 0 {
      text += " \(graph.nodes[source].shape.channels)→\(node.shape.channels)"
    }
    if case .convolution(let conv) = node.op, conv.strides != .one { text += " /\(conv.strides)" }
    return [Span(text), Span("  \(node.shape)", .muted)]
  }

  private func choice(of unit: Int) -> [Span] {
    let pattern = run.shown.choices[unit]
    let (kept, all) = model.space.kept(pattern, of: unit)
    return [
      Span(model.space.units[unit].kind.rawValue.padded(to: 10), .muted), Span(pattern.name),
      Span(" \(kept)/\(all)", .muted),
      Span(run.shown.pins[unit] ? " ⚑" : "", Style(.warning, .bold)),
    ]
  }

  /// The layers that a choice of this one's channels is about, too.
  private func coupling(of node: Int, isPinned: Bool, in rect: Rect) -> [[Span]] {
    guard let coupling = model.coupling(of: node) else { return [] }
    func lines(_ label: Span, _ nodes: [Int]) -> [[Span]] {
      guard !nodes.isEmpty else { return [] }
      let names = nodes.map { model.space.graph.nodes[$0].name }.joined(separator: ", ")
      // One line where there is little room.
      let wrapped = names.wrapped(toColumns: max(1, rect.width - label.text.displayWidth))
      guard rect.height >= 16 else { return [[label, Span(names)]] }
      return wrapped.enumerated().map { row, text in
        [row == 0 ? label : Span("".padded(to: label.text.displayWidth)), Span(text)]
      }
    }
    let label =
      isPinned ? Span("⚑ holds   ", Style(.warning)) : Span("coupled   ", .muted)
    return lines(label, coupling.together)
      + (rect.height >= 12 ? lines(Span("read by   ", .muted), coupling.readers) : [])
  }

  private func cost(of nodes: [Int]) -> [Span]? {
    let dense = nodes.reduce(0) { $0 + model.space.graph.macs(of: $1) }
    guard dense > 0 else { return nil }
    let kept = model.space.macs(of: run.shown, nodes: nodes)
    return [
      Span("MACs      ", .muted), Span("\(Numbers.count(dense)) → \(Numbers.count(kept)) "),
      Span(Numbers.percent(Double(kept) / Double(dense)), .accent),
    ]
  }

  /// What the expected losses of all choices add up to, beside what the strategy was found to lose.
  private var lossOfStrategy: [Span]? {
    let parts = run.shown.choices.enumerated().compactMap { unit, choice in
      model.estimatedLoss(of: choice, unit: unit)
    }
    guard !run.shown.isDense, parts.count == run.shown.choices.count,
      let accuracy = run.shownMeasurement(in: model)?.accuracy,
      let dense = model.baseline.fraction(ofFirst: accuracy.images)
    else { return nil }
    let change = Numbers.signed((accuracy.fraction - dense) * 100, places: 1)
    return [
      Span("all layers ", .muted), Span(Numbers.loss(parts.reduce(0, +))),
      Span(", acc \(change)", .muted),
    ]
  }

  private func loss(of units: [Int]) -> [Span]? {
    let parts = units.compactMap { model.estimatedLoss(of: run.shown.choices[$0], unit: $0) }
    guard !units.isEmpty, parts.count == units.count else { return nil }
    return [
      Span("est. loss ", .muted), Span("\(Numbers.loss(parts.reduce(0, +))) logit error"),
    ]
  }
}
