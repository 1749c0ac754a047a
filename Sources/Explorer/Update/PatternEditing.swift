internal import Engine
internal import ModelGraph
internal import Patterns
internal import TerminalKit

extension ExplorerState {
  /// Opens the pattern editor for the selected layer.
  mutating func openEditor() {
    guard let node = selectedNode,
      let editor = PatternEditor(
        node: node, units: selectedUnits, space: model.space, strategy: run.shown)
    else { return }
    overlay = .editor(editor)
  }

  /// Does what a key does in the pattern editor.
  mutating func press(_ key: Key, in editor: PatternEditor) -> [Effect] {
    var editor = editor
    switch key {
    case .escape where editor.drawing != nil: editor.drawing = nil
    case .escape, .character("q"), .control("c"), .character("e"):
      overlay = nil
      return []
    case .tab, .backtab:
      let step = key == .tab ? 1 : editor.units.count - 1
      editor.choose(
        tab: (editor.tab + step) % editor.units.count, space: model.space, strategy: run.shown)
    case .enter:
      guard let pattern = editor.pattern else { return [] }
      overlay = nil
      return choose(pattern, for: editor.unit)
    case .character("d") where editor.drawing == nil: startDrawing(&editor)
    case .right where editor.drawing == nil, .character("l") where editor.drawing == nil:
      startDrawing(&editor)
    default:
      if editor.drawing != nil {
        editor.draw(key)
      } else {
        editor.selected = ListKeys.move(editor.selected, by: key, count: editor.menu.count)
      }
    }
    overlay = .editor(editor)
    return []
  }

  private mutating func startDrawing(_ editor: inout PatternEditor) {
    guard let kernel = editor.kernel(in: model.space), kernel.area > 1 else {
      say("masks are drawn for kernels; this unit removes channels", .refusal)
      return
    }
    let pattern = editor.pattern
    editor.drawing =
      pattern?.fixedMask(of: kernel)
      ?? model.masks(ofNode: editor.node, run.shown).first?.mask ?? TapMask(dense: kernel)
    (editor.row, editor.column) = (0, 0)
  }
}

extension PatternEditor {
  /// Does what a key does to the mask: arrows move, space sets or clears a tap.
  fileprivate mutating func draw(_ key: Key) {
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
