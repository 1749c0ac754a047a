internal import TerminalKit

/// The palette: what was typed, the commands it may mean, their keys.
struct PaletteView: Widget {
  let palette: Palette
  let state: ExplorerState

  init(_ palette: Palette, _ state: ExplorerState) {
    self.palette = palette
    self.state = state
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let matches = palette.matches(Keymap.bindings)
    let box = rect.centred(Size(width: 64, height: 16))
    let inner = Dialog.box(title: "─ Commands ", on: &frame, in: box)
    let (field, list) = inner.splitTop(1)
    frame.draw(TextFieldView(palette.field, prompt: ":", placeholder: "what to do"), in: field)
    guard !matches.isEmpty else {
      frame.put("no command is called like that", in: list.row(0), style: .muted)
      return
    }
    let items = matches.map { binding in
      Menu.Item(binding.name, note: binding.keyNames, whyDisabled: binding.whyDisabled(state))
    }
    let selected = min(palette.selected, items.count - 1)
    let offset = ListScroll.offset(
      0, selected: selected, count: items.count, visible: list.height)
    frame.draw(Menu(items, selected: selected, offset: offset), in: list)
  }
}
