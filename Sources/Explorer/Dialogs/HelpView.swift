internal import TerminalKit

/// Every key, from the keymap, in as many columns as fit.
struct HelpView: Widget {
  let scroll: Int
  let state: ExplorerState

  init(scroll: Int, _ state: ExplorerState) {
    self.scroll = scroll
    self.state = state
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let lines = Self.lines(state)
    let columns = rect.width >= 76 ? 2 : 1
    let perColumn = (lines.count + columns - 1) / columns
    let width = min(rect.width, columns == 2 ? 96 : 50)
    let box = rect.centred(Size(width: width, height: perColumn + 2))
    let inner = Dialog.box(title: "─ Keys ", on: &frame, in: box)
    let offset = min(scroll, max(0, perColumn - inner.height))
    for (column, area) in inner.columns(weights: [Int](repeating: 1, count: columns)).enumerated() {
      let part = lines.dropFirst(column * perColumn).prefix(perColumn).dropFirst(offset)
      for (row, line) in part.prefix(area.height).enumerated() {
        let (keys, text) = area.row(row).splitLeft(min(11, area.width / 2))
        if line.key.isEmpty {
          frame.put(line.text, in: area.row(row), style: line.style)
        } else {
          frame.put(line.key, in: keys.inset(right: 1), style: line.style, alignment: .trailing)
          frame.put(line.text, in: text.inset(right: 1), style: line.textStyle)
        }
      }
    }
    if offset + inner.height < perColumn {
      frame.put(" ↓ more ", in: box.row(box.height - 1).inset(right: 2), alignment: .trailing)
    }
  }

  private struct Line {
    var key = ""
    var text = ""
    var style = Style.title
    var textStyle = Style.plain
  }

  private static func lines(_ state: ExplorerState) -> [Line] {
    Binding.Section.allCases.flatMap { section in
      [Line(text: section.rawValue)]
        + Keymap.bindings.filter { $0.section == section }.map { binding in
          let isDisabled = binding.whyDisabled(state) != nil
          return Line(
            key: binding.keyNames, text: binding.name, style: isDisabled ? .muted : .accent,
            textStyle: isDisabled ? .muted : .plain)
        }
    }
  }
}
