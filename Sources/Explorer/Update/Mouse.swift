internal import TerminalKit

extension ExplorerState {
  /// Selects what is clicked on: a row, a key at the bottom or an answer, or the episode of a point in the curve and
  /// the scatter, there also while the button is held down. The wheel scrolls what is under the pointer.
  mutating func mouse(_ event: MouseEvent) -> [Effect] {
    if event.action == .press(.left) {
      let meaning = view(self, size: screen.size).click(at: event.position)
      if let meaning { return click(meaning) }
    }
    guard overlay == nil else { return wheelInOverlay(event) }
    let layout = ScreenLayout(screen)
    let pane = layout.panes.first { $0.value.contains(event.position) }
    switch event.action {
    case .wheelUp: move(by: -3, in: pane?.key ?? .layers)
    case .wheelDown: move(by: 3, in: pane?.key ?? .layers)
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

  private mutating func click(_ meaning: Click) -> [Effect] {
    switch meaning {
    case .key(let key): return press(key)
    case .row(let place):
      // Chosen already, it is meant.
      guard overlay?.select(place) == true else { return [] }
      return press(.enter)
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
    case .steps:
      if let viewing = StepsPane(model, run).viewing(at: point, in: rect) { run.viewing = viewing }
    case .detail, .log: break
    }
  }
}

extension Overlay {
  /// Puts the cursor on a row of the dialog.
  ///
  /// - Returns: whether it was there already, and the row is one that enter chooses.
  fileprivate mutating func select(_ place: Int) -> Bool {
    switch self {
    case .palette(var palette):
      defer { self = .palette(palette) }
      return Self.put(&palette.selected, place)
    case .chooser(var chooser):
      defer { self = .chooser(chooser) }
      return Self.put(&chooser.selected, place)
    case .editor(var editor) where editor.drawing == nil:
      defer { self = .editor(editor) }
      return Self.put(&editor.selected, place)
    case .runs(var browser) where browser.typed == nil:
      defer { self = .runs(browser) }
      return Self.put(&browser.selected, place)
    case .export(var dialog) where dialog.stage == .asking:
      defer { self = .export(dialog) }
      return dialog.select(place)
    case .question(var question):
      // An answer is a button.
      question.select(place)
      self = .question(question)
      return true
    case .data(var dialog):
      dialog.select(place)
      self = .data(dialog)
      return false
    case .tuning(var dialog):
      dialog.row = place
      self = .tuning(dialog)
      return false
    default: return false
    }
  }

  private static func put(_ selected: inout Int, _ place: Int) -> Bool {
    defer { selected = place }
    return selected == place
  }
}
