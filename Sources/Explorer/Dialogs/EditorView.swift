internal import ModelGraph
internal import Patterns
internal import TerminalKit

/// The pattern editor: the menu of a unit with the MACs and the expected loss of each choice, the mask, the
/// energy of the weights.
struct EditorView: Widget {
  let editor: PatternEditor
  let model: ModelState
  let run: RunState

  init(_ editor: PatternEditor, _ model: ModelState, _ run: RunState) {
    self.editor = editor
    self.model = model
    self.run = run
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let menu = editor.menu
    let box = rect.centred(
      Size(width: min(rect.width, 78), height: min(max(14, menu.count + 6), 22)))
    let name = model.space.graph.nodes[editor.node].name
    let inner = Dialog.box(title: "─ Pattern of \(name) ", on: &frame, in: box)
    let (tabs, below) = inner.splitTop(inner.height > 6 ? 2 : 1)
    drawTabs(on: &frame, in: tabs.row(0))
    let (middle, preview) = below.splitBottom(below.height > 4 ? 2 : 0)
    if middle.width >= 60 {
      let (list, side) = middle.splitLeft(middle.width - 22)
      drawMenu(menu, on: &frame, in: list.inset(right: 2))
      drawKernel(on: &frame, in: side)
    } else if editor.drawing != nil {
      drawKernel(on: &frame, in: middle)
    } else {
      drawMenu(menu, on: &frame, in: middle)
    }
    drawPreview(on: &frame, in: preview)
  }

  private func drawTabs(on frame: inout Frame, in row: Rect) {
    var x = row.x
    for (index, unit) in editor.units.enumerated() {
      let label: String =
        switch model.space.units[unit].target {
        case .weights: model.space.units[unit].kind.rawValue
        case .channels(let group): model.space.units[unit].kind.rawValue + sharing(group)
        }
      let isChosen = index == editor.tab
      x = frame.put(
        isChosen ? "[\(label)]" : " \(label) ", at: Point(x: x, y: row.y),
        style: isChosen ? .accent : .muted)
      x += 1
    }
  }

  /// Channels are decided once for all layers that share them.
  private func sharing(_ group: Int) -> String {
    let producers = model.space.groups.groups[group].producers.count
    return producers > 1 ? " of \(producers) layers" : ""
  }

  private func drawMenu(_ menu: [Pattern], on frame: inout Frame, in rect: Rect) {
    let (head, list) = rect.splitTop(rect.height > 3 ? 1 : 0)
    let (now, time) = (model.share(of: run.shown), model.share(of: run.shown, .latency))
    let hasLoss = rect.width >= 38
    let hasTime = rect.width >= 46 && time != nil
    frame.put(
      row("pattern", "keeps", "MACs", hasTime ? "time" : nil, hasLoss ? "est.loss" : nil),
      in: head.inset(left: 2), style: .muted)
    let offset = ListScroll.offset(
      0, selected: editor.selected, count: menu.count, visible: list.height, margin: 1)
    for line in 0..<list.height where offset + line < menu.count {
      let index = offset + line
      let pattern = menu[index]
      let isSelected = index == editor.selected && editor.drawing == nil
      let isCurrent = pattern == run.shown.choices[editor.unit]
      func change(_ share: Double?, from now: Double?) -> String {
        guard let share, let now else { return "?" }
        return Numbers.signed((share - now) * 100, places: 1) + "%"
      }
      let strategy = strategy(with: pattern)
      let text = row(
        pattern.name + (isCurrent ? " ●" : ""), keeps(pattern),
        change(model.share(of: strategy), from: now),
        hasTime ? change(model.share(of: strategy, .latency), from: time) : nil,
        hasLoss ? loss(of: pattern) : nil)
      let area = list.row(line)
      if isSelected { frame.put("▶", in: area, style: .accent) }
      frame.put(text, in: area.inset(left: 2), style: editor.drawing == nil ? .plain : .muted)
      if isSelected { frame.restyle(area) { $0 = $0.on(.palette(.selection)).adding(.bold) } }
      frame.click(area, .row(index))
    }
  }

  private func row(
    _ name: String, _ keeps: String, _ macs: String, _ time: String?, _ loss: String?
  ) -> String {
    name.padded(to: 13) + keeps.leftPadded(to: 6) + macs.leftPadded(to: 8)
      + (time?.leftPadded(to: 8) ?? "") + (loss?.leftPadded(to: 9) ?? "")
  }

  private func loss(of pattern: Pattern) -> String {
    model.estimatedLoss(of: pattern, unit: editor.unit).map(Numbers.loss)
      ?? (run.work.losses == nil ? "?" : "…")
  }

  private func keeps(_ pattern: Pattern) -> String {
    let (kept, all) = model.space.kept(pattern, of: editor.unit)
    return "\(kept)/\(all)"
  }

  /// The shown strategy with this choice instead.
  private func strategy(with pattern: Pattern) -> Strategy {
    var strategy = run.shown
    strategy.choices[editor.unit] = pattern
    return strategy
  }

  private func drawKernel(on frame: inout Frame, in rect: Rect) {
    guard let kernel = editor.kernel(in: model.space) else {
      frame.putWrapped(
        explanation, in: rect, style: .muted)
      return
    }
    let mask = editor.drawing ?? editor.pattern?.fixedMask(of: kernel)
    var y = rect.y
    func line(_ text: String, _ style: Style = .muted) {
      frame.put(text, in: rect.row(y - rect.y), style: style)
      y += 1
    }
    if let mask {
      line(editor.drawing == nil ? "mask \(mask)" : "your mask \(mask)")
      drawMask(mask, on: &frame, in: rect.inset(top: y - rect.y))
      y += kernel.height + 1
    } else {
      line("the weights decide")
      line("which taps, for each")
      line("block of 8 filters")
      y += 1
    }
    guard let energy = model.weights?.tapEnergy[editor.node],
      y + kernel.height < rect.maxY
    else { return }
    line("energy of the weights")
    let rows = energy.rows(of: kernel.width)
    frame.draw(HeatGrid(rows, cellWidth: 3), in: rect.inset(top: y - rect.y))
    guard rect.width >= 3 * kernel.width + 3 + 4 * kernel.width else { return }
    for (row, values) in rows.enumerated() {
      let numbers = values.map { Numbers.decimal($0 * 100, places: 0).leftPadded(to: 4) }
      frame.put(
        numbers.joined(), in: rect.inset(left: 3 * kernel.width).row(y - rect.y + row),
        style: .muted)
    }
  }

  private var explanation: String {
    let kind = model.space.units[editor.unit].kind
    return switch kind {
    case .taps, .weights: "Those weights go that the others can best make up for."
    case .channels, .neurons, .heads:
      "Those \(kind) go that the others can best make up for, in every layer that shares them."
    }
  }

  /// Three columns a tap; the cursor is drawn as brackets, so that it is seen without colour.
  private func drawMask(_ mask: TapMask, on frame: inout Frame, in rect: Rect) {
    for row in 0..<mask.kernel.height {
      for column in 0..<mask.kernel.width {
        let isHere = editor.drawing != nil && row == editor.row && column == editor.column
        let tap = mask[row, column] ? "█" : "·"
        let area = Rect(x: rect.x + 3 * column, y: rect.y + row, width: 3, height: 1)
        frame.clipped(to: rect) { frame in
          frame.put(
            isHere ? "[\(tap)]" : mask[row, column] ? "███" : " · ", in: area,
            style: isHere ? .accent : Style(.series1))
        }
      }
    }
  }

  private func drawPreview(on frame: inout Frame, in rect: Rect) {
    guard let pattern = editor.pattern else { return }
    let strategy = strategy(with: pattern)
    var spans: [Span] = []
    func add(_ name: String, _ resource: Target.Resource) {
      guard let now = model.share(of: run.shown, resource),
        let then = model.share(of: strategy, resource)
      else { return }
      spans += [
        Span("\(name) ", .muted), Span(Numbers.decimal(now * 100, places: 1) + "% → "),
        Span(Numbers.decimal(then * 100, places: 1) + "%  ", .accent),
      ]
    }
    add("MACs", .macs)
    add("time", .latency)
    spans += [
      Span("est.loss ", .muted), Span(loss(of: pattern)),
    ]
    let rest = ["  with \(pattern.name); enter measures it", "  enter measures it"]
    if let fitting = rest.first(where: { spans.displayWidth + $0.displayWidth <= rect.width }) {
      spans.append(Span(fitting, .muted))
    }
    frame.put(spans, in: rect.row(rect.height - 1))
  }
}
