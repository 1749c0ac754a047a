internal import TerminalKit

extension ExplorerState {
  /// A click selects, in the curve and the scatter it shows that episode, as does the mouse moved with its button
  /// down; the wheel scrolls.
  mutating func mouse(_ event: MouseEvent) -> [Effect] {
    guard overlay == nil else { return wheelInOverlay(event) }
    let layout = ScreenLayout(self)
    let pane = layout.panes.first { $0.value.contains(event.position) }
    switch event.action {
    case .wheelUp: scrollBy(-3)
    case .wheelDown: scrollBy(3)
    case .press(.left):
      notice = nil
      guard let pane else {
        if let title = layout.titles.first(where: { $0.value.contains(event.position) }) {
          focus = title.key
        }
        return []
      }
      focus = pane.key
      click(event.position, in: pane.key, pane.value)
    case .drag(.left):
      // Along the curve and the scatter, as one looks for a point.
      if let pane, pane.key == .reward || pane.key == .pareto {
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

  private mutating func scrollBy(_ rows: Int) {
    selection = min(max(0, selection + rows), max(0, graphRows.rows.count - 1))
  }

  private mutating func click(_ point: Point, in pane: Pane, _ rect: Rect) {
    switch pane {
    case .layers:
      let row = scroll + point.y - rect.y
      guard graphRows.rows.indices.contains(row) else { return }
      let wasSelected = row == selection
      selection = row
      if wasSelected, case .group = graphRows.rows[row] { toggleFold() }
    case .reward:
      let pane = RewardPane(self)
      if let index = pane.plot?.index(at: point, in: pane.curve(in: rect)) {
        view(episode: index - 1)
      }
    case .pareto:
      let pane = ParetoPane(self)
      guard let index = pane.plot?.index(near: point, in: rect) else { return }
      if let step = pane.step(ofMark: index) { view(step) }
    case .detail: break
    }
  }
}
