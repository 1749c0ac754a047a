internal import Patterns
internal import TerminalKit

extension ExplorerState {
  /// Does what a key does to what lies over the panes, otherwise what the keymap says.
  mutating func press(_ key: Key) -> [Effect] {
    screen.notice = nil
    switch overlay {
    case .help(let scroll):
      overlay = ListKeys.scroll(scroll, by: key, count: Keymap.bindings.count)
        .map { .help(scroll: $0) }
      return []
    case .explanation(let pane, let scroll):
      overlay = ListKeys.scroll(scroll, by: key, count: ExplanationView.lineCount(of: pane))
        .map { .explanation(pane, scroll: $0) }
      return []
    case .comparison(let pair, let scroll):
      switch key {
      case .character("[") where pair == nil, .character("]") where pair == nil:
        if let binding = Keymap.binding(for: key) { return perform(binding) }
      default:
        let count = (pair ?? run.shownPair).differingUnits.count
        overlay = ListKeys.scroll(scroll, by: key, count: count)
          .map { .comparison(pair, scroll: $0) }
        // Two runs were chosen from their list.
        if overlay == nil, pair != nil { overlay = .runs(RunBrowser()) }
      }
      return []
    case .runs(let browser): return press(key, in: browser)
    case .log(let scroll):
      overlay = ListKeys.scroll(
        scroll, by: key, count: LogPane(run.log).height(columns: screen.size.width - 4)
      ).map { .log(scroll: $0) }
      return []
    case .prompt(let prompt): return press(key, in: prompt)
    case .chooser(let chooser): return press(key, in: chooser)
    case .palette(let palette): return press(key, in: palette)
    case .filter(let field): return press(key, inFilter: field)
    case .editor(let editor): return press(key, in: editor)
    case .export(let dialog): return press(key, in: dialog)
    case .tuning(let dialog): return press(key, in: dialog)
    case .data(let dialog): return press(key, in: dialog)
    case .question(let question): return press(key, in: question)
    case nil: break
    }
    guard let binding = Keymap.binding(for: searching(key)) else {
      say("\(key) does nothing here; ? shows the keys", .refusal)
      return []
    }
    return perform(binding)
  }

  /// The key of the next or the last match for `n` and `N` while a name is searched for, as in other pagers.
  private func searching(_ key: Key) -> Key {
    guard !layers.filter.isEmpty else { return key }
    return switch key {
    case .character("n"): .character(">")
    case .character("N"): .character("<")
    default: key
    }
  }

  /// Does what a binding does, or says why not.
  mutating func perform(_ binding: Binding) -> [Effect] {
    if let why = binding.whyDisabled(self) {
      say("\(binding.keys.first?.description ?? ""): \(why)", .refusal)
      return []
    }
    return perform(binding.command)
  }

  /// Puts pasted text where text is typed, and nowhere else.
  mutating func paste(_ text: String) -> [Effect] {
    switch overlay {
    case .palette(var palette):
      palette.field.insert(text)
      palette.selected = 0
      overlay = .palette(palette)
    case .filter(var field):
      field.insert(text)
      setFilter(field)
    case .prompt(var prompt):
      prompt.field.insert(text)
      overlay = .prompt(prompt)
    case .export(var dialog) where dialog.stage == .asking:
      dialog.path.insert(text)
      overlay = .export(dialog)
    case .runs(var browser):
      browser.typed?.field.insert(text)
      overlay = .runs(browser)
    case .tuning(var dialog):
      dialog.insert(text)
      overlay = .tuning(dialog)
    case .data(var dialog):
      dialog.insert(text)
      return change(to: dialog)
    default: break
    }
    return []
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
      return perform(matches[palette.selected])
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
    case .enter: overlay = nil
    case .escape, .control("c"):
      overlay = nil
      layers.filter = ""
    case .down: selectMatch(by: 1)
    case .up: selectMatch(by: -1)
    default: if field.handle(key) { setFilter(field) }
    }
    return []
  }

  private mutating func setFilter(_ field: TextField) {
    overlay = .filter(field)
    layers.filter = field.text
    if let row = layers.selectedRow, !layers.matches(row, in: model) { selectMatch(by: 1) }
  }

  /// Selects the next layer whose name matches; with -1 the one before.
  mutating func selectMatch(by step: Int) {
    if !layers.selectMatch(by: step, in: model) {
      say("no layer's name holds “\(layers.filter)”", .refusal)
    }
  }
}
