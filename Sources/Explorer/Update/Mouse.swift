internal import TerminalKit

extension ExplorerState {
  /// Selects what is clicked on: a row, or the episode of a point in the curve and the scatter, there also while
  /// the button is held down. The wheel scrolls.
  mutating func mouse(_ event: MouseEvent) -> [Effect] {
    guard overlay == nil else { return wheelInOverlay(event) }
    let layout = ScreenLayout(screen)
    let pane = layout.panes.first { $0.value.contains(event.position) }
    switch event.action {
    case .wheelUp: layers.move(by: -3)
    case .wheelDown: layers.move(by: 3)
    case .press(.left):
      screen.notice = nil
      if let pane {
        screen.focus = pane.key
        click(event.position, in: pane.key, pane.value)
      } else if let title = layout.titles.first(where: { $0.value.contains(event.position) }) {
        screen.focus = title.key
      }
    case .drag(.left):
      // Along the curve and the scatter, as one looks for a point.
      if let pane, pane.key == .score || pane.key == .pareto {
        click(event.position, in: pane.key, pane.value)
      }
    default: break
    }
    return []
  }

  private mutating func wheelInOverlay(_ event: MouseEvent) -> [Effect] {
    switch event.action {
    case .wheelUp: press(.up)
    case .wheelDown: press(.down)
    default: []
    }
  }

  private mutating func click(_ point: Point, in pane: Pane, _ rect: Rect) {
    switch pane {
    case .layers:
      let row = layers.scroll + point.y - rect.y
      guard layers.rows.indices.contains(row) else { return }
      let wasSelected = row == layers.selection
      layers.selection = row
      if wasSelected, case .group = layers.rows[row] { layers.toggleFold(in: model) }
    case .score:
      let pane = ScorePane(self)
      if let index = pane.plot?.index(at: point, in: pane.curve(in: rect)) {
        run.view(episode: index - 1)
      }
    case .pareto:
      let pane = ParetoPane(model, run)
      guard let index = pane.plot?.index(near: point, in: pane.scatter(in: rect)) else { return }
      if let step = pane.step(ofMark: index) { run.view(step) }
    case .detail: break
    }
  }
}
