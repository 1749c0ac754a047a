internal import TerminalKit

extension ExplorerState {
  /// Offers the themes.
  mutating func openThemeChooser() {
    let (themes, now) = (screen.themes, screen.preferences.theme)
    let items = themes.map {
      Chooser.Item(label: $0, note: $0 == now ? "now" : "", action: .theme($0))
    }
    overlay = .chooser(
      Chooser(
        title: "─ Theme ", items: items, selected: themes.firstIndex(of: now) ?? 0,
        onCancel: .theme(now)))
  }

  /// Does what a key does in a chooser.
  mutating func press(_ key: Key, in chooser: Chooser) -> [Effect] {
    var chooser = chooser
    switch key {
    case .escape, .character("q"), .control("c"):
      overlay = nil
      return chooser.onCancel.map { preview($0) } ?? []
    case .enter, .character(" "):
      overlay = nil
      guard chooser.items.indices.contains(chooser.selected) else { return [] }
      return perform(chooser.items[chooser.selected].action)
    default:
      let before = chooser.selected
      // The key that opened the themes goes through them.
      let key = chooser.isPreviewing && key == .character("t") ? .down : key
      chooser.selected = ListKeys.move(chooser.selected, by: key, count: chooser.items.count)
      overlay = .chooser(chooser)
      guard chooser.isPreviewing, chooser.selected != before else { return [] }
      return preview(chooser.items[chooser.selected].action)
    }
  }

  /// Shows the result of a choice, if it can be shown.
  private func preview(_ action: Chooser.Action) -> [Effect] {
    if case .theme(let name) = action { [.theme(name)] } else { [] }
  }

  private mutating func perform(_ action: Chooser.Action) -> [Effect] {
    switch action {
    case .pin(let units, let isPinned, let name): return pin(units, isPinned, name: name)
    case .theme(let name):
      screen.preferences.theme = name
      say("theme \(name)")
      return [.theme(name)]
    }
  }
}
