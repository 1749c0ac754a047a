internal import TerminalKit

/// Every key, from the keymap, section by section in as many columns as fit.
struct HelpView: Widget {
  let scroll: Int
  /// The state that some keys can do nothing in; nil before a model is opened.
  let state: ExplorerState?

  init(scroll: Int, _ state: ExplorerState? = nil) {
    self.scroll = scroll
    self.state = state
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let columns = columns(rect.width >= 76 ? 2 : 1)
    let height = columns.map(\.count).max() ?? 0
    let width = min(rect.width, columns.count == 2 ? 96 : 50)
    let box = rect.centred(Size(width: width, height: height + 2))
    let inner = Dialog.box(title: "─ Keys ", on: &frame, in: box)
    let offset = min(scroll, max(0, height - inner.height))
    let areas = inner.columns(weights: [Int](repeating: 1, count: columns.count))
    for (lines, area) in zip(columns, areas) {
      for (row, line) in lines.dropFirst(offset).prefix(area.height).enumerated() {
        let (keys, text) = area.row(row).splitLeft(min(11, area.width / 2))
        if line.key.isEmpty {
          frame.put(line.text, in: area.row(row), style: line.style)
        } else {
          frame.put(line.key, in: keys.inset(right: 1), style: line.style, alignment: .trailing)
          frame.put(line.text, in: text.inset(right: 1), style: line.textStyle)
        }
      }
    }
    if offset + inner.height < height {
      Dialog.noteMore(on: &frame, in: box)
    }
  }

  private struct Line {
    var key = ""
    var text = ""
    var style = Style.title
    var textStyle = Style.plain
  }

  /// The lines in columns; a section is never parted.
  private func columns(_ count: Int) -> [[Line]] {
    let sections = Binding.Section.allCases.map(lines(of:))
    func joined(_ sections: some Sequence<[Line]>) -> [Line] {
      Array(sections.flatMap { $0 + [Line()] }.dropLast())
    }
    guard count > 1 else { return [joined(sections)] }
    let splits = (1..<sections.count).map {
      [joined(sections.prefix($0)), joined(sections.dropFirst($0))]
    }
    return splits.min { max($0[0].count, $0[1].count) < max($1[0].count, $1[1].count) } ?? []
  }

  private func lines(of section: Binding.Section) -> [Line] {
    [Line(text: section.rawValue)]
      + Keymap.bindings.filter { $0.section == section }.map { binding in
        let isDisabled = state.flatMap(binding.whyDisabled) != nil
        return Line(
          key: binding.keyNames, text: binding.name, style: isDisabled ? .muted : .accent,
          textStyle: isDisabled ? .muted : .plain)
      }
  }
}
