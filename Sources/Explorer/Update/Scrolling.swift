internal import TerminalKit

extension ExplorerState {
  /// Half of what the pane with the keyboard shows, in rows.
  var halfPage: Int {
    let pane: Pane =
      switch screen.focus {
      case .detail, .steps, .log: screen.focus
      case .layers, .score, .pareto: .layers
      }
    return max(1, (ScreenLayout(screen).panes[pane]?.height ?? 1) / 2)
  }

  /// Goes down in the pane with the keyboard, up if `count` is negative.
  mutating func move(by count: Int) { move(by: count, in: screen.focus) }

  /// Goes down in a pane: to another layer, another step, or through what has no room.
  mutating func move(by count: Int, in pane: Pane) {
    switch pane {
    case .layers, .score, .pareto: layers.move(by: count)
    case .steps: run.viewStep(earlierBy: count)
    case .detail:
      guard let rect = ScreenLayout(screen).panes[.detail] else { return }
      scroll(.detail, by: count, lines: DetailPane(self).height(columns: rect.width), in: rect)
    case .log:
      guard let rect = ScreenLayout(screen).panes[.log] else { return }
      let lines = LogPane(run.log).height(columns: rect.width - 1)
      scroll(.log, by: count, lines: lines, in: rect)
    }
  }

  private mutating func scroll(_ pane: Pane, by count: Int, lines: Int, in rect: Rect) {
    let last = max(0, lines - rect.height)
    let now = min(screen.scroll[pane] ?? 0, last)
    screen.scroll[pane] = min(max(0, now + min(max(count, -last), last)), last)
  }
}
