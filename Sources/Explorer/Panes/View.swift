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
  for extra in Extra.allCases {
    guard let rect = layout.extras[extra], let title = layout.extraTitles[extra] else { continue }
    frame.rule(title, title: " \(extra.title) ", note: extra.note)
    switch extra {
    case .steps: frame.draw(StepsPane(state), in: rect)
    case .log: frame.draw(LogPane(state), in: rect.inset(left: 1))
    case .macs: frame.draw(EpisodePlot.macs(state), in: rect)
    case .latency: frame.draw(EpisodePlot.latency(state), in: rect)
    }
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
    case .reward: RewardPane(state).note(columns: rect.width - title.displayWidth - 5)
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
  case .filter, .prompt: break
  case .chooser(let chooser): frame.draw(ChooserView(chooser: chooser), in: bounds)
  case .comparison(let scroll): frame.draw(ComparisonView(scroll: scroll, state), in: bounds)
  case .log(let scroll): frame.draw(LogView(scroll: scroll, state: state), in: bounds)
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
