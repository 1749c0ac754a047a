internal import Patterns

/// The user's edits of the live strategy and of what the search aims at, to be undone and done again.
package struct EditHistory: Hashable, Sendable, Codable {
  /// Edits that can be undone, latest last.
  package private(set) var done: [Edit] = []
  /// Edits that were undone, latest last.
  package private(set) var undone: [Edit] = []
  /// Whether there are edits of the strategy that no export holds.
  package private(set) var areUnexported = false

  /// This history after an earlier one.
  func following(_ earlier: EditHistory) -> EditHistory {
    var whole = self
    whole.done = earlier.done + done
    if done.isEmpty, undone.isEmpty { whole.undone = earlier.undone }
    whole.areUnexported = earlier.areUnexported || areUnexported
    return whole
  }

  /// The latest edits alone.
  func last(_ count: Int) -> EditHistory {
    guard done.count > count || undone.count > count else { return self }
    var latest = self
    latest.done = done.suffix(count)
    latest.undone = undone.suffix(count)
    return latest
  }

  /// Whether every strategy in it fulfils a condition.
  func areStrategies(_ isFine: (Strategy) -> Bool) -> Bool {
    (done + undone).allSatisfy { edit in
      switch edit.change {
      case .strategy(let before, let after): isFine(before) && isFine(after)
      case .aim(let before, let after): before.isPossible && after.isPossible
      case .images: true
      }
    }
  }

  /// Takes an edit; those that were undone cannot be done again after it.
  mutating func add(_ edit: Edit) {
    done.append(edit)
    undone = []
    if edit.isOfStrategy { areUnexported = true }
  }

  /// Forgets what another run has in its own history: all but what was undone.
  mutating func keepUndone() { done = [] }

  /// Takes back the latest edit; nil if there is none.
  ///
  /// - Parameter run: the run that is left if the edit is of the images; nil if nothing of it is kept.
  mutating func undo(leaving run: String?) -> Edit? {
    guard var edit = done.popLast() else { return nil }
    edit.leave(run, undoing: true)
    undone.append(edit)
    if edit.isOfStrategy { areUnexported = done.contains(where: \.isOfStrategy) }
    return edit
  }

  /// Does the edit again that was undone last, likewise; nil if there is none.
  mutating func redo(leaving run: String?) -> Edit? {
    guard var edit = undone.popLast() else { return nil }
    edit.leave(run, undoing: false)
    done.append(edit)
    if edit.isOfStrategy { areUnexported = true }
    return edit
  }

  /// Notes that an export holds the live strategy.
  mutating func didExport() { areUnexported = false }
}
