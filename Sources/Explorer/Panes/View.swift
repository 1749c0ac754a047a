package import TerminalKit

/// The screen for a state, at a size.
package func view(_ state: ExplorerState, size: Size) -> Frame {
  var state = state
  if state.size != size {
    state.size = size
    state.keepSelectionVisible()
  }
  var frame = Frame(size: size, glyphs: state.glyphs)
  let layout = ScreenLayout(state)
  frame.draw(Header(state), in: layout.header)
  for pane in Pane.allCases {
    guard let rect = layout.panes[pane] else { continue }
    if let title = layout.titles[pane], !title.isEmpty {
      drawTitle(of: pane, state, on: &frame, in: title)
    }
    switch pane {
    case .layers: frame.draw(LayersPane(state), in: rect)
    case .reward: frame.draw(RewardPane(state), in: rect)
    case .detail: frame.draw(DetailPane(state), in: rect)
    case .pareto: frame.draw(ParetoPane(state), in: rect)
    }
  }
  if !layout.log.isEmpty {
    frame.rule(layout.logTitle, title: " STEPS ", note: "newest first")
    frame.draw(StepsPane(state), in: layout.log)
  }
  if !layout.macs.isEmpty {
    frame.rule(layout.macsTitle, title: " MACS KEPT ", note: "% of dense, by episode")
    frame.draw(MACsPane(state), in: layout.macs)
  }
  layout.drawSeparators(on: &frame)
  frame.draw(StatusLine(state), in: layout.status)
  frame.draw(Footer(state), in: layout.footer)
  if let overlay = state.overlay { draw(overlay, state, on: &frame) }
  return frame
}

private func drawTitle(
  of pane: Pane, _ state: ExplorerState, on frame: inout Frame, in rect: Rect
) {
  let isFocused = pane == state.focus
  // The pane with the keyboard has a pointer, so that it is told without colour.
  let title = (isFocused ? "▶" : " ") + "\(pane.rawValue) \(pane.title(state)) "
  let note: String =
    switch pane {
    case .layers: state.filter.isEmpty ? LayersPane(state).note : "/\(state.filter)"
    case .reward: RewardPane(state).note
    case .detail: ""
    case .pareto: ParetoPane(state).note(columns: rect.width - title.displayWidth - 5)
    }
  frame.rule(rect, title: title, note: note, titleStyle: isFocused ? .accent : .title)
}

private func draw(_ overlay: Overlay, _ state: ExplorerState, on frame: inout Frame) {
  // The lines at the bottom stay in sight: they say what the keys do.
  let low = ScreenLayout(state)
  let bounds = frame.bounds.inset(bottom: low.footer.height + low.status.height)
  switch overlay {
  case .help(let scroll): frame.draw(HelpView(scroll: scroll, state), in: bounds)
  case .palette(let palette): frame.draw(PaletteView(palette, state), in: bounds)
  case .filter: break
  case .editor(let editor): frame.draw(EditorView(editor, state), in: bounds)
  case .export(let dialog): frame.draw(ExportView(dialog, state), in: bounds)
  case .cancelFineTuning:
    frame.draw(
      Dialog(
        title: "─ Cancel the fine-tuning? ",
        message: "The epoch under way is lost; f goes on after the last one that is done.",
        buttons: ["f cancel it", "esc let it go on"], selected: 0),
      in: bounds)
  case .quit(let reason):
    frame.draw(
      Dialog(
        title: "─ Quit? ", message: reason, buttons: ["q quit", "esc stay"], selected: 0),
      in: bounds)
  }
}
