internal import Patterns
internal import TerminalKit

extension ExplorerState {
  /// What a key does: to what lies over the panes, otherwise by the keymap.
  mutating func press(_ key: Key) -> [Effect] {
    notice = nil
    switch overlay {
    case .help(let scroll):
      overlay = read(key, from: scroll, lines: Keymap.bindings.count).map { .help(scroll: $0) }
      return []
    case .comparison(let scroll):
      switch key {
      case .character("["), .character("]"):
        if let binding = Keymap.binding(for: key) { return run(binding) }
      default:
        overlay = read(key, from: scroll, lines: differingUnits.count).map {
          .comparison(scroll: $0)
        }
      }
      return []
    case .log(let scroll):
      overlay = read(key, from: scroll, lines: log.count).map { .log(scroll: $0) }
      return []
    case .prompt(let prompt): return press(key, in: prompt)
    case .chooser(let chooser): return press(key, in: chooser)
    case .palette(let palette): return press(key, in: palette)
    case .filter(let field): return press(key, inFilter: field)
    case .editor(let editor): return press(key, in: editor)
    case .export(let dialog): return press(key, in: dialog)
    case .cancelFineTuning: return pressInCancelling(key)
    case .quit: return pressInQuit(key)
    case nil: break
    }
    guard let binding = Keymap.binding(for: key) else {
      notice = Notice("\(key) does nothing here; ? shows the keys", .refusal)
      return []
    }
    return run(binding)
  }

  /// Does what a binding does, or says why not.
  mutating func run(_ binding: Binding) -> [Effect] {
    if let why = binding.whyDisabled(self) {
      notice = Notice("\(binding.keys.first?.description ?? ""): \(why)", .refusal)
      return []
    }
    return perform(binding.command)
  }

  /// Pasted text goes where text is typed, and nowhere else.
  mutating func paste(_ text: String) -> [Effect] {
    switch overlay {
    case .palette(var palette):
      palette.field.insert(text)
      palette.selected = 0
      overlay = .palette(palette)
    case .filter(var field):
      field.insert(text)
      return setFilter(field)
    case .prompt(var prompt):
      prompt.field.insert(text)
      overlay = .prompt(prompt)
    case .export(var dialog) where dialog.stage == .asking:
      dialog.path.insert(text)
      overlay = .export(dialog)
    default: break
    }
    return []
  }

  /// The first line shown of a text that is only read; nil for a key that closes it.
  private func read(_ key: Key, from scroll: Int, lines: Int) -> Int? {
    let last = max(0, lines - 1)
    return switch key {
    case .down, .character("j"): min(scroll + 1, last)
    case .up, .character("k"): max(0, scroll - 1)
    case .pageDown, .control("d"), .character(" "): min(scroll + 10, last)
    case .pageUp, .control("u"): max(0, scroll - 10)
    case .home, .character("g"): 0
    case .end, .character("G"): last
    default: nil
    }
  }

  private mutating func press(_ key: Key, in palette: Palette) -> [Effect] {
    var palette = palette
    let matches = palette.matches(Keymap.bindings)
    switch key {
    case .escape, .control("c"):
      overlay = nil
      return []
    case .enter:
      overlay = nil
      guard matches.indices.contains(palette.selected) else { return [] }
      return run(matches[palette.selected])
    case .down, .control("n"), .tab:
      palette.selected = min(palette.selected + 1, max(0, matches.count - 1))
    case .up, .control("p"), .backtab: palette.selected = max(0, palette.selected - 1)
    default: if palette.field.handle(key) { palette.selected = 0 }
    }
    overlay = .palette(palette)
    return []
  }

  private mutating func press(_ key: Key, inFilter field: TextField) -> [Effect] {
    var field = field
    switch key {
    case .enter:
      overlay = nil
      return []
    case .escape, .control("c"):
      overlay = nil
      filter = ""
      return []
    case .down: return goToMatch(by: 1)
    case .up: return goToMatch(by: -1)
    default:
      guard field.handle(key) else { return [] }
      return setFilter(field)
    }
  }

  private mutating func setFilter(_ field: TextField) -> [Effect] {
    overlay = .filter(field)
    filter = field.text
    if let row = selectedRow, !matches(row) { return goToMatch(by: 1) }
    return []
  }

  private mutating func pressInQuit(_ key: Key) -> [Effect] {
    switch key {
    case .character("q"), .character("y"), .enter, .control("c"): return [.quit]
    case .character("x"):
      overlay = nil
      return Keymap.binding(for: key).map { run($0) } ?? []
    default: overlay = nil
    }
    return []
  }

  /// Moves to the next row whose name matches, around the end; -1 goes upwards.
  mutating func goToMatch(by step: Int) -> [Effect] {
    unfoldMatches()
    let rows = graphRows.rows
    guard !filter.isEmpty, !rows.isEmpty else { return [] }
    for distance in 1...rows.count {
      let place = ((selection + step * distance) % rows.count + rows.count) % rows.count
      if case .layer = rows[place], matches(rows[place]) {
        selection = place
        return []
      }
    }
    notice = Notice("no layer's name holds “\(filter)”", .refusal)
    return []
  }

  /// Opens folded groups that hold a match.
  private mutating func unfoldMatches() {
    let hiding = outline.groups.filter { group in
      folded.contains(group.prefix) && group.heads.contains { matches(.layer($0)) }
    }
    guard !filter.isEmpty, !hiding.isEmpty else { return }
    let row = selectedRow
    folded.subtract(hiding.map(\.prefix))
    foldRows()
    if let row, let place = graphRows.rows.firstIndex(of: row) { selection = place }
  }
}
