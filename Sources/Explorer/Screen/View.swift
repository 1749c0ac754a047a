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
    draw(
      pane, state, on: &frame, in: rect, title: layout.titles[pane], hidden: layout.hidden)
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
  frame.draw(Footer(state), in: layout.footer)
  if let overlay = state.overlay { draw(overlay, state, on: &frame) }
  let status = StatusLine(state)
  let height = status.height(columns: layout.status.width, atMost: size.height / 3)
  frame.draw(status, in: layout.status.raised(to: height))
  return frame
}

extension Rect {
  /// With so many rows, of which the last is the one that it has.
  fileprivate func raised(to height: Int) -> Rect {
    isEmpty ? self : Rect(x: x, y: maxY - height, width: width, height: height)
  }
}

private func draw(
  _ pane: Pane, _ state: ExplorerState, on frame: inout Frame, in rect: Rect, title: Rect?,
  hidden: [Pane]
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
    // The first title has the most room.
    let taken = pane.note.isEmpty ? 0 : pane.note.displayWidth + 2
    if let title, taken + 32 <= title.width {
      name(hidden, on: &frame, in: title.splitRight(taken).rest)
    }
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

/// Names the panes that have no room at the end of a title, as keys to be clicked on, unless a note has the place.
private func name(_ panes: [Pane], on frame: inout Frame, in title: Rect) {
  var end = title.maxX - 2
  for pane in panes.reversed() {
    let name = "\(pane.rawValue) \(pane.title)"
    let area = Rect(x: end - name.displayWidth, y: title.y, width: name.displayWidth, height: 1)
    frame.put(" \(name) ", at: Point(x: area.x - 1, y: area.y), style: .muted)
    frame.click(area, .key(.character(Character("\(pane.rawValue)"))))
    end = area.x - 2
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
