internal import Engine
internal import ModelGraph
internal import Patterns
internal import Search
internal import TerminalKit

extension ExplorerState {
  /// The strategy that an edit starts from: what is shown, with the pins that hold now.
  private var base: Strategy {
    var base = shown
    base.pins = live.pins
    for unit in base.pins.indices where base.pins[unit] { base.choices[unit] = live.choices[unit] }
    return base
  }

  /// Pins every unit of the selected layer or group at what is shown, or lets them go if they are pinned.
  mutating func togglePin() -> [Effect] {
    let units = unitsWithinSelection
    return pin(units, !units.allSatisfy { live.pins[$0] }, name: selectedRow.map(name(of:)) ?? "")
  }

  /// Pins units at what is shown, or lets them go.
  mutating func pin(_ units: [Int], _ isPinned: Bool, name: String) -> [Effect] {
    var after = base
    for unit in units {
      after.pins[unit] = isPinned
      if isPinned, !live.pins[unit] { after.choices[unit] = shown.choices[unit] }
    }
    return edit("\(isPinned ? "pin" : "unpin") \(name)", after)
  }

  /// Chooses a pattern for a unit and pins it there.
  mutating func override(_ unit: Int, by pattern: Pattern) -> [Effect] {
    var after = base
    after.choices[unit] = pattern
    after.pins[unit] = true
    return edit("\(space.units[unit].name) = \(pattern.name)", after)
  }

  private mutating func edit(_ name: String, _ after: Strategy) -> [Effect] {
    edits.append(Edit(name: name, before: live, after: after))
    undone = []
    notice = Notice(name + (viewing == .live ? "" : "; live now, from the episode shown"), .edited)
    return adopt(after)
  }

  mutating func undo() -> [Effect] {
    guard let edit = edits.popLast() else { return [] }
    undone.append(edit)
    notice = Notice("undone: \(edit.name)", .edited)
    return adopt(edit.undone(in: live))
  }

  mutating func redo() -> [Effect] {
    guard let edit = undone.popLast() else { return [] }
    edits.append(edit)
    notice = Notice("again: \(edit.name)", .edited)
    return adopt(edit.redone(in: live))
  }

  /// Makes a strategy the live one: the search is told its pins, and what it keeps is measured.
  private mutating func adopt(_ strategy: Strategy) -> [Effect] {
    let hadPins = Self.pinned(live)
    live = strategy
    viewing = .live
    hasUnexportedEdits = !edits.isEmpty
    var effects: [Effect] = []
    let pins = Self.pinned(strategy)
    if pins != hadPins { effects.append(.pin(pins)) }
    return effects + measureIfNeeded(strategy)
  }

  /// The pinned units' choices alone, so that nothing else restarts an episode.
  private static func pinned(_ strategy: Strategy) -> Strategy {
    var pins = strategy
    for unit in pins.choices.indices where !pins.pins[unit] { pins.choices[unit] = .dense }
    return pins
  }

  /// Asks for a measurement on every image unless there is one.
  private mutating func measureIfNeeded(_ strategy: Strategy) -> [Effect] {
    guard case .done = loading, failure == nil else { return [] }
    if let known = measurement(of: strategy), isComplete(known) { return [] }
    guard measuring != strategy.choices else { return [] }
    measuring = strategy.choices
    return [.measure(strategy)]
  }

  // MARK: The pattern editor

  mutating func openEditor() {
    guard let node = selectedNode,
      let editor = PatternEditor(node: node, units: selectedUnits, space: space, strategy: shown)
    else { return }
    overlay = .editor(editor)
  }

  mutating func press(_ key: Key, in editor: PatternEditor) -> [Effect] {
    var editor = editor
    let menu = space.units[editor.unit].menu
    switch key {
    case .escape where editor.drawing != nil: editor.drawing = nil
    case .escape, .character("q"), .control("c"), .character("e"):
      overlay = nil
      return []
    case .tab, .backtab:
      let step = key == .tab ? 1 : editor.units.count - 1
      editor.choose(
        tab: (editor.tab + step) % editor.units.count, space: space, strategy: shown)
    case .enter:
      guard let pattern = editor.pattern(in: space) else { return [] }
      overlay = nil
      return override(editor.unit, by: pattern)
    case .character("d") where editor.drawing == nil: startDrawing(&editor)
    case .right where editor.drawing == nil, .character("l") where editor.drawing == nil:
      startDrawing(&editor)
    default:
      if editor.drawing != nil {
        editor.draw(key)
      } else {
        editor.selected = ListKeys.move(editor.selected, by: key, count: menu.count)
      }
    }
    overlay = .editor(editor)
    return []
  }

  private mutating func startDrawing(_ editor: inout PatternEditor) {
    guard let kernel = editor.kernel(in: space), kernel.area > 1 else {
      notice = Notice("masks are drawn for kernels; this unit removes channels", .refusal)
      return
    }
    let pattern = editor.pattern(in: space)
    editor.drawing =
      pattern?.fixedMask(of: kernel)
      ?? masks[shown.choices]?.masks[editor.node]?.first?.mask ?? TapMask(dense: kernel)
    (editor.row, editor.column) = (0, 0)
  }

  // MARK: Export

  mutating func openExport() -> [Effect] {
    overlay = .export(
      ExportDialog(
        shown, fineTuned: fineTuned[shown.choices], named: fileName, hasWeights: loading == .done))
    return measureIfNeeded(shown)
  }

  mutating func press(_ key: Key, in dialog: ExportDialog) -> [Effect] {
    var dialog = dialog
    switch (dialog.stage, key) {
    case (.asking, .escape), (.asking, .control("c")):
      overlay = nil
      return []
    case (.asking, .enter):
      guard !dialog.path.text.isEmpty else {
        notice = Notice("type where it goes", .refusal)
        return []
      }
      return write(dialog, replacing: false)
    case (.asking, .tab), (.asking, .down): dialog.turn()
    case (.asking, .backtab), (.asking, .up): dialog.turn(by: -1)
    case (.asking, _): _ = dialog.path.handle(key)
    case (.confirming, .character("y")): return write(dialog, replacing: true)
    case (.confirming, _), (.waiting, .escape), (.waiting, .control("c")): dialog.stage = .asking
    case (.waiting, _), (.writing, _): break
    }
    overlay = .export(dialog)
    return []
  }

  /// Writes a model at once, and what tells its accuracy when it has been measured on every image.
  mutating func write(_ dialog: ExportDialog, replacing: Bool) -> [Effect] {
    var dialog = dialog
    let path = dialog.path.text
    if case .model(let format, let isFineTuned) = dialog.kind {
      dialog.stage = .writing
      overlay = .export(dialog)
      let source = isFineTuned ? dialog.fineTuned.map(ExportedModel.Source.fineTuned) : nil
      let model = ExportedModel(source: source ?? .pruned(dialog.strategy), format: format)
      return [.exportModel(model, path: path, replacing: replacing)]
    }
    let known = measurement(of: dialog.strategy)
    let canMeasure = loading == .done && failure == nil
    if canMeasure, known.map({ !isComplete($0) }) ?? true {
      dialog.stage = .waiting(replacing: replacing)
      overlay = .export(dialog)
      return measureIfNeeded(dialog.strategy)
    }
    dialog.stage = .writing
    overlay = .export(dialog)
    if dialog.kind == .report {
      return [.exportText(report(of: dialog.strategy), path: path, replacing: replacing)]
    }
    return [.export(strategyFile(of: dialog.strategy), path: path, replacing: replacing)]
  }

  /// The report of a strategy.
  func report(of strategy: Strategy) -> String {
    StrategyReport(
      strategyFile(of: strategy), in: space, dense: baseline?.accuracy,
      fineTuned: fineTuned[strategy.choices], speedup: speedup(of: strategy),
      losses: sensitivity, episodes: episodes.count,
      steps: episodes.reduce(0) { $0 + $1.steps.count }
    ).markdown
  }

  /// The file of a strategy, with its accuracy where that rests on every image.
  func strategyFile(of strategy: Strategy) -> StrategyFile {
    let accuracy = measurement(of: strategy).flatMap { isComplete($0) ? $0.accuracy : nil }
    // The target may have changed since.
    let episode = episodes.first { episode in
      episode.steps.contains { $0.strategy.choices == strategy.choices }
    }
    return StrategyFile(
      model: modelName, digest: digest, target: episode?.target ?? settings.target,
      seed: settings.seed, method: PruningMethod(sharing: space.sharing),
      metrics: .init(space.cost(of: strategy), validation: accuracy), strategy: strategy)
  }
}

extension PatternEditor {
  /// What a key does to the mask: arrows move, space sets or clears a tap.
  mutating func draw(_ key: Key) {
    guard var mask = drawing else { return }
    switch key {
    case .up, .character("k"): row = max(0, row - 1)
    case .down, .character("j"): row = min(mask.kernel.height - 1, row + 1)
    case .left, .character("h"): column = max(0, column - 1)
    case .right, .character("l"): column = min(mask.kernel.width - 1, column + 1)
    case .character(" "): mask[row, column].toggle()
    case .character("i"):
      for y in 0..<mask.kernel.height {
        for x in 0..<mask.kernel.width { mask[y, x].toggle() }
      }
    default: break
    }
    drawing = mask
  }
}

/// What the keys of a list do to its selection.
enum ListKeys {
  static func move(_ selected: Int, by key: Key, count: Int) -> Int {
    let last = max(0, count - 1)
    switch key {
    case .up, .character("k"): return max(0, selected - 1)
    case .down, .character("j"): return min(last, selected + 1)
    case .home, .character("g"): return 0
    case .end, .character("G"): return last
    case .pageUp, .control("u"): return max(0, selected - 5)
    case .pageDown, .control("d"): return min(last, selected + 5)
    default: return selected
    }
  }
}
