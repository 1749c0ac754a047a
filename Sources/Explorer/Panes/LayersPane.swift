internal import ModelGraph
internal import Patterns
internal import TerminalKit

/// The graph: one row a layer, with its rails, its choices and the MACs it keeps.
struct LayersPane: Widget {
  let model: ModelState
  let run: RunState
  let layers: LayerList
  /// Whether the differences from the reference are shown.
  let isComparing: Bool
  /// Whether the pane has the keyboard.
  let isFocused: Bool
  /// The layers whose channels go or stay with those of the selected one.
  private let coupled: Set<Int>

  init(_ state: ExplorerState) {
    model = state.model
    run = state.run
    layers = state.layers
    isComparing = state.screen.isComparing
    isFocused = state.screen.focus == .layers
    coupled = Set(state.selectedNode.flatMap { state.model.coupling(of: $0) }?.together ?? [])
  }

  /// The search for a name, the number of differences or of pins.
  var note: String {
    if !layers.filter.isEmpty { return "/\(layers.filter)  n N esc" }
    if isComparing {
      return "\(run.differingUnits.count) ≠ \(run.reference.name)"
    }
    let pins = run.shown.pins.count { $0 }
    return pins > 0 ? "\(pins) ⚑" : ""
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let rows = layers.rows
    let needsBar = rows.count > rect.height && rect.width > 12
    let (area, bar) = rect.splitRight(needsBar ? 1 : 0)
    let offset = ListScroll.offset(
      layers.scroll, selected: layers.selection, count: rows.count, visible: rect.height)
    let columns = LayerColumns(
      width: area.width, railWidth: layers.graphRows.railWidth, names: longestName,
      glyphWidth: frame.glyphs == .ascii ? 3 : 2, leastBar: isComparing ? Self.choiceWidth : 0)
    for line in 0..<area.height where offset + line < rows.count {
      let isSelected = offset + line == layers.selection
      draw(
        rows[offset + line], rails: layers.graphRows.rails[offset + line], columns,
        isSelected: isSelected, on: &frame, in: area.row(line))
    }
    if needsBar { drawBar(count: rows.count, offset: offset, on: &frame, in: bar) }
  }

  /// The columns that the reference's choice has in place of the bar, as in `taps-7/9`.
  private static let choiceWidth = 9

  private var longestName: Int {
    layers.rows.map { name(of: $0).displayWidth }.max() ?? 0
  }

  private func name(of row: Outline.Row) -> String {
    switch row {
    case .group(let index, let isFolded):
      let group = model.outline.groups[index]
      let indent = String(repeating: " ", count: group.depth)
      return indent + (isFolded ? "▸ " : "▾ ") + group.prefix
        + (isFolded ? " (\(group.heads.count))" : "")
    case .siblings(let all):
      let indent = String(repeating: " ", count: model.outline.groups[all[0]].depth)
      return indent + "▸ \(model.name(of: row)) ×\(all.count)"
    case .layer(let head):
      let depth = model.outline.groups(around: head).count
      return String(repeating: " ", count: depth)
        + model.outline.shortName(ofHead: head, in: model.space.graph)
    }
  }

  private func draw(
    _ row: Outline.Row, rails: String, _ columns: LayerColumns, isSelected: Bool,
    on frame: inout Frame, in rect: Rect
  ) {
    let isMatch = layers.matches(row, in: model)
    let base: Style = isMatch ? .plain : .muted
    if isSelected { frame.put("▶", at: rect.origin, style: .accent) }
    frame.put(rails, at: Point(x: rect.x + 1, y: rect.y), style: Style(.series1))
    let place = rect.inset(left: columns.name.lowerBound).splitLeft(columns.name.count).left
    let isName = { if case .layer = row { false } else { true } }()
    var nameStyle = isName ? Style.title : base
    if isMatch, !layers.filter.isEmpty { nameStyle = nameStyle.adding([.bold, .underline]) }
    frame.put(name(of: row), in: place, style: nameStyle)
    drawChoices(row, columns, style: base, on: &frame, in: rect)
    let hasBar = drawCost(row, columns, on: &frame, in: rect)
    guard isSelected else { return }
    // Not the bar: reversed, it would be as long as what has gone.
    let end = hasBar ? columns.bar.lowerBound : rect.width
    for part in [rect.splitLeft(end).left, rect.inset(left: max(end, columns.bar.upperBound))] {
      frame.restyle(part) {
        $0 = isFocused ? $0.on(.palette(.selection)).adding(.bold) : $0.adding(.bold)
      }
    }
  }

  private func drawChoices(
    _ row: Outline.Row, _ columns: LayerColumns, style: Style, on frame: inout Frame, in rect: Rect
  ) {
    guard case .layer(let head) = row else { return }
    let node = model.outline.heads[head]
    let op = model.space.graph.nodes[node].op
    let strategy = run.shown
    func column(_ range: Range<Int>) -> Rect {
      rect.inset(left: range.lowerBound).splitLeft(range.count).left
    }
    switch op {
    case .convolution, .linear:
      let all = model.space.graph.nodes[node].shape.channels
      let kept = model.space.keptChannels(ofNode: node, strategy)
      let text = kept < all ? "\(kept)/\(all)" : "\(kept)"
      frame.put(
        text.count <= columns.channels.count ? text : "\(kept)", in: column(columns.channels),
        style: kept < all ? Style(.series2) : style, alignment: .trailing)
      drawPattern(ofNode: node, columns, style: style, on: &frame, in: column)
    default:
      drawHeads(of: row, else: op.label, columns, style: style, on: &frame, in: column)
    }
    let units = model.units(of: row)
    if isComparing, units.contains(where: run.isDifferent) {
      frame.put("≠", in: column(columns.flag), style: Style(.warning, .bold))
    } else if units.contains(where: { strategy.pins[$0] }) {
      frame.put("⚑", in: column(columns.flag), style: Style(.warning, .bold))
    } else if coupled.contains(node) {
      frame.put("⇄", in: column(columns.flag), style: .muted)
    }
  }

  /// The heads that attention keeps; without a choice of heads, the operator.
  private func drawHeads(
    of row: Outline.Row, else label: String, _ columns: LayerColumns, style: Style,
    on frame: inout Frame, in column: (Range<Int>) -> Rect
  ) {
    guard let unit = model.units(of: row).first, run.shown.choices[unit] != .dense else {
      frame.put(label, in: column(columns.pattern), style: .muted)
      return
    }
    let pattern = run.shown.choices[unit]
    let (kept, all) = model.space.kept(pattern, of: unit)
    frame.put(
      "\(kept)/\(all)", in: column(columns.channels), style: Style(.series2),
      alignment: .trailing)
    frame.put(pattern.name, in: column(columns.pattern), style: style)
  }

  /// The reference's choices in a row that differs, in place of the bar, as the columns beside it have them: how many
  /// channels stay, which pattern the weights have; their number in a folded group.
  private func drawReference(_ row: Outline.Row, on frame: inout Frame, in rect: Rect) {
    let text: String
    switch row {
    case .layer:
      let units = model.units(of: row).filter(run.isDifferent)
      text = units.map { unit in
        let pattern = run.reference.strategy.choices[unit]
        if case .weights = model.space.units[unit].target { return pattern.name }
        let (kept, all) = model.space.kept(pattern, of: unit)
        return "\(kept)/\(all)"
      }.joined(separator: " ")
      if text.isEmpty { return }
    case .group(_, isFolded: false): return
    case .group, .siblings:
      let count = model.units(within: row).count(where: run.isDifferent)
      if count == 0 { return }
      text = "\(count) differ"
      frame.put(text, in: rect, style: Style(.warning))
      return
    }
    let isRoomy = text.displayWidth + 4 <= rect.width
    frame.put(isRoomy ? "was \(text)" : text, in: rect, style: Style(.warning))
  }

  /// The pattern of a layer's weights, before it the mask that most filters have.
  private func drawPattern(
    ofNode node: Int, _ columns: LayerColumns, style: Style, on frame: inout Frame,
    in column: (Range<Int>) -> Rect
  ) {
    var kernel = Extent.one
    var kind = "linear"
    if case .convolution(let conv) = model.space.graph.nodes[node].op {
      kernel = conv.kernel
      kind = "\(kernel)"
    }
    let pattern = model.space.weightUnit[node].map { run.shown.choices[$0] }
    guard let pattern, kernel.area > 1 || pattern != .dense else {
      frame.put(kind, in: column(columns.pattern), style: .muted)
      return
    }
    if kernel.area > 1, let mask = mask(ofNode: node, pattern, kernel: kernel) {
      frame.put(
        frame.glyphs == .ascii ? mask.description : mask.glyph, in: column(columns.glyph),
        style: .accent)
    }
    frame.put(
      pattern.name, in: column(columns.pattern), style: pattern == .dense ? .muted : style)
  }

  /// The mask that most filters have.
  private func mask(ofNode node: Int, _ pattern: Pattern, kernel: Extent) -> TapMask? {
    pattern.fixedMask(of: kernel) ?? model.masks(ofNode: node, run.shown).first?.mask
  }

  /// Draws the MACs that a row keeps; returns whether there is a bar among that.
  private func drawCost(
    _ row: Outline.Row, _ columns: LayerColumns, on frame: inout Frame, in rect: Rect
  ) -> Bool {
    let nodes = model.nodes(in: row)
    let dense = nodes.reduce(0) { $0 + model.space.graph.macs(of: $1) }
    guard dense > 0 else { return false }
    let kept = model.space.macs(of: run.shown, nodes: nodes)
    let share = Double(kept) / Double(dense)
    let bar = rect.inset(left: columns.bar.lowerBound).splitLeft(columns.bar.count).left
    let isOpen = if case .group(_, isFolded: false) = row { true } else { false }
    var text = Numbers.percent(share)
    if isComparing {
      drawReference(row, on: &frame, in: bar)
      let other = model.space.macs(of: run.reference.strategy, nodes: nodes)
      let change = Int((Double(kept - other) / Double(dense) * 100).rounded())
      text = kept == other ? "" : "\(change < 0 ? "−" : "+")\(abs(change))%"
    } else if !isOpen {
      frame.draw(Bar(share), in: bar)
    }
    let percent = rect.inset(left: columns.percent.lowerBound).splitLeft(columns.percent.count).left
    frame.put(
      text, in: percent, style: isOpen ? .muted : .plain, alignment: .trailing)
    return !isComparing && !isOpen
  }

  private func drawBar(count: Int, offset: Int, on frame: inout Frame, in bar: Rect) {
    let length = max(1, bar.height * bar.height / max(1, count))
    let start = offset * (bar.height - length) / max(1, count - bar.height)
    frame.fill(bar, with: frame.glyphs.box.vertical, style: .border)
    frame.fill(
      Rect(x: bar.x, y: bar.y + start, width: 1, height: length), with: "█", style: .muted)
  }
}
