internal import Patterns

extension ExplorerState {
  /// Pins every unit of the selected layer or group at what is shown, or lets them go if they are pinned.
  mutating func togglePin() -> [Effect] {
    guard let row = layers.selectedRow else { return [] }
    let units = model.units(within: row)
    return pin(units, !units.allSatisfy { run.live.pins[$0] }, name: model.name(of: row))
  }

  /// Pins units at what is shown, or lets them go.
  mutating func pin(_ units: [Int], _ isPinned: Bool, name: String) -> [Effect] {
    edit(
      "\(isPinned ? "pin" : "unpin") \(name)", run.pinning(units, isPinned),
      consequence: model.consequence(ofPinning: units))
  }

  /// Chooses a pattern for a unit and pins it there.
  mutating func choose(_ pattern: Pattern, for unit: Int) -> [Effect] {
    edit(
      "\(model.space.units[unit].name) = \(pattern.name)", run.choosing(pattern, for: unit),
      consequence: model.consequence(ofPinning: [unit]))
  }

  private mutating func edit(
    _ name: String, _ after: Strategy, consequence: String
  ) -> [Effect] {
    run.edits.add(Edit(name: name, change: .strategy(before: run.live, after: after)))
    let origin = run.viewing == .live ? "" : "; live now, from the episode shown"
    say(name + consequence + origin, .edited)
    return run.adopt(after, in: model)
  }

  /// Takes back the latest edit.
  mutating func undo() -> [Effect] {
    guard let edit = run.edits.undo(leaving: runToKeep) else { return [] }
    say("undone: \(edit.name)", edit.isOfStrategy ? .edited : .done)
    return make(edit.undone)
  }

  /// Does the edit again that was undone last.
  mutating func redo() -> [Effect] {
    guard let edit = run.edits.redo(leaving: runToKeep) else { return [] }
    say("again: \(edit.name)", edit.isOfStrategy ? .edited : .done)
    return make(edit.change)
  }

  mutating func make(_ change: Edit.Change) -> [Effect] {
    switch change {
    case .strategy(let before, let after):
      return run.adopt(run.live.changed(from: before, to: after), in: model)
    case .aim(_, let aim):
      run.steer(to: aim)
      return [.steer(aim)]
    case .images(_, let judged): return judge(by: judged)
    }
  }

  /// Lets the search aim at something else from now on.
  mutating func steer(to aim: Aim, _ name: String) -> [Effect] {
    guard aim != run.aim else { return [] }
    let change = Edit.Change.aim(before: run.aim, after: aim)
    run.edits.add(Edit(name: name, change: change))
    say(name)
    return make(change)
  }
}
