internal import Patterns
internal import Search
package import TerminalKit

/// The screen for a state, at a size.
package func view(_ state: ExplorerState, size: Size) -> Frame {
  var state = state
  if state.screen.size != size {
    state.screen.size = size
    state.layers.keepSelectionVisible(among: state.screen.layerRows)
  }
  var frame = Frame(size: size, glyphs: state.screen.glyphs)
  let layout = ScreenLayout(state.screen)
  frame.draw(Header(state.model, state.run), in: layout.header)
  for pane in Pane.allCases {
    guard let rect = layout.panes[pane] else { continue }
    draw(pane, state, on: &frame, in: rect, title: layout.titles[pane])
  }
  for extra in Extra.allCases {
    guard let rect = layout.extras[extra], let title = layout.extraTitles[extra] else { continue }
    let drawing = state.screen.preferences.drawing
    frame.rule(
      title, title: " \(extra.title) " + (drawing.isEmpty ? "" : drawing + " "), note: extra.note)
    switch extra {
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

private func draw(
  _ pane: Pane, _ state: ExplorerState, on frame: inout Frame, in rect: Rect, title: Rect?
) {
  func drawTitle(_ text: String, note: (Int) -> String = { _ in "" }) {
    guard let title, !title.isEmpty else { return }
    let isFocused = pane == state.screen.focus
    // The pane with the keyboard has a pointer, so that it is told without colour.
    let text = (isFocused ? "▶" : " ") + "\(pane.rawValue) \(text) "
    frame.rule(
      title, title: text, note: note(title.width - text.displayWidth - 5),
      titleStyle: isFocused ? .accent : .title)
  }
  switch pane {
  case .layers:
    let pane = LayersPane(state)
    drawTitle(Pane.layers.title) { _ in pane.note }
    frame.draw(pane, in: rect)
  case .score:
    let pane = ScorePane(state)
    drawTitle(pane.title, note: pane.note)
    frame.draw(pane, in: rect)
  case .detail:
    let pane = DetailPane(state)
    drawTitle("\(Pane.detail.title) \(pane.name)") { pane.note(in: rect, columns: $0) }
    frame.draw(pane, in: rect)
  case .pareto:
    let pane = ParetoPane(state.model, state.run)
    drawTitle(
      "\(Pane.pareto.title) acc/\(state.run.settings.target.resource.name)", note: pane.note)
    frame.draw(pane, in: rect)
  case .steps:
    drawTitle(Pane.steps.title) { _ in "newest first" }
    frame.draw(StepsPane(state.model, state.run), in: rect)
  case .log:
    drawTitle(Pane.log.title) { _ in "newest first" }
    frame.draw(
      LogPane(state.run.log, scroll: state.screen.scroll[.log] ?? 0), in: rect.inset(left: 1))
  }
}

private func draw(_ overlay: Overlay, _ state: ExplorerState, on frame: inout Frame) {
  // The lines at the bottom stay in sight: they say what the keys do.
  let low = ScreenLayout(state.screen)
  let bounds = frame.bounds.inset(bottom: low.footer.height + low.status.height)
  switch overlay {
  case .help(let scroll): frame.draw(HelpView(scroll: scroll, state), in: bounds)
  case .explanation(let pane, let scroll):
    frame.draw(ExplanationView(pane: pane, scroll: scroll), in: bounds)
  case .palette(let palette): frame.draw(PaletteView(palette, state), in: bounds)
  case .filter, .prompt: break
  case .chooser(let chooser): frame.draw(ChooserView(chooser: chooser), in: bounds)
  case .comparison(let pair, let scroll):
    frame.draw(
      ComparisonView(pair ?? state.run.shownPair, scroll: scroll, state.model, state.run),
      in: bounds)
  case .runs(let browser): frame.draw(RunsView(browser, state), in: bounds)
  case .log(let scroll): frame.draw(LogView(log: state.run.log, scroll: scroll), in: bounds)
  case .editor(let editor): frame.draw(EditorView(editor, state.model, state.run), in: bounds)
  case .export(let dialog): frame.draw(ExportView(dialog, state), in: bounds)
  case .tuning(let dialog): frame.draw(TuningView(dialog, state), in: bounds)
  case .data(let dialog): frame.draw(DataView(dialog, state), in: bounds)
  case .question(let question):
    frame.draw(
      Dialog(
        title: question.title, message: question.message,
        buttons: question.answers.map { "\($0.key) \($0.name)" }, selected: question.selected),
      in: bounds)
  }
}
