internal import Formats
internal import ModelGraph
internal import Patterns
internal import Search
internal import TerminalKit

extension ExplorerState {
  /// Opens the choice of images; what holds now is tried at once, to be compared with.
  mutating func openDataDialog() -> [Effect] {
    let dialog = DataDialog(model.data, channels: model.space.graph.inputShape.channels)
    overlay = .data(dialog)
    return effects(of: dialog)
  }

  /// Does what a key does in the choice of images.
  mutating func press(_ key: Key, in dialog: DataDialog) -> [Effect] {
    var dialog = dialog
    switch key {
    case .escape, .control("c"):
      overlay = nil
      return [.stopTrying]
    case .enter: return choose(dialog)
    case .up, .backtab: dialog.move(by: -1)
    case .down: dialog.move(by: 1)
    case .tab where !dialog.isPath: dialog.move(by: 1)
    default: dialog.handle(key)
    }
    return change(to: dialog)
  }

  /// Shows a changed choice, and has it tried.
  mutating func change(to dialog: DataDialog) -> [Effect] {
    overlay = .data(dialog)
    return effects(of: dialog)
  }

  private func effects(of dialog: DataDialog) -> [Effect] {
    var effects: [Effect] = dialog.wantedFolder.map { [.list($0)] } ?? []
    if let choice = dialog.choice, choice != dialog.trial?.choice { effects.append(.try(choice)) }
    return effects
  }

  private mutating func choose(_ dialog: DataDialog) -> [Effect] {
    guard let choice = dialog.choice else {
      say("mean and std are numbers, one or one a channel, std above 0", .refusal)
      return []
    }
    if case .failed(let why)? = dialog.trial?.outcome, dialog.trial?.choice == choice {
      say(why, .refusal)
      return []
    }
    overlay = nil
    guard choice.absolute != model.data else { return [.stopTrying] }
    let change = Edit.Change.images(before: Judged(model.data), after: Judged(choice.absolute))
    var edit = Edit(name: "the change of images", change: change)
    edit.leave(runToKeep, undoing: false)
    run.edits.add(edit)
    return [.stopTrying] + make(edit.change)
  }

  /// The path of the run on the screen, if there is something in it that another one does not take along.
  var runToKeep: String? {
    let isLabelled = model.storedRuns.contains {
      isOpen($0.summary) && $0.summary.label != RunLabel()
    }
    let isWorth = !run.history.episodes.isEmpty || !run.fineTuned.isEmpty || isLabelled
    return isWorth ? model.runPath : nil
  }

  /// Judges the model by other images from now on, in the run that was found by them, if there is one.
  mutating func judge(by judged: Judged) -> [Effect] {
    let isJudgedAlike = judged.images.judgesLike(model.data)
    let keepsRun = runToKeep != nil
    model.data = judged.images
    if isJudgedAlike {
      let name = model.data[.train].map { String($0.split(separator: "/").last ?? "") }
      say("f trains on \(name ?? "the recipe's images") from now on; the search goes on")
      return [.train(model.data)]
    }
    guard let path = judged.run else { return beginAnew(keepingRun: keepsRun) }
    let isSearching = run.work.isSearching
    run = run.begunAnew(dense: model.dense)
    run.edits.keepUndone()
    model.forgetMeasurements()
    run.work.isSearching = isSearching
    say("the images are those of before, and so is the run")
    return [.resume(path, keepingRun: keepsRun)] + (isSearching ? [.run] : [])
  }

  /// Begins another run by other images: what was found by the present ones does not hold for them.
  private mutating func beginAnew(keepingRun: Bool) -> [Effect] {
    let wasJudged = run.work.loading == .done
    let isSearching = run.work.isSearching
    let pins = run.live.pinned
    run = run.begunAnew(dense: model.dense)
    model.forgetMeasurements()
    run.work.isSearching = isSearching
    let earlier = keepingRun ? "; the run so far stays on disk, z goes back to it" : "; z undoes it"
    say(
      wasJudged
        ? "the images are others, which losses and scores rest on: "
          + (isSearching ? "the search begins anew" : "all is measured anew") + earlier
        : "judged by these images from now on")
    return [.judge(model.data, keepingRun: keepingRun)]
      + (pins.pins.contains(true) ? [.pin(pins)] : []) + (isSearching ? [.run] : [])
  }

  /// Takes what a choice was found to do, if it is still the one that is looked at.
  mutating func take(_ trial: DataTrial) {
    guard case .data(var dialog) = overlay, dialog.choice == trial.choice else { return }
    dialog.trial = trial
    overlay = .data(dialog)
  }

  /// Takes the names in a folder, if they are still wanted.
  mutating func take(_ completion: PathCompletion) {
    guard case .data(var dialog) = overlay, dialog.wantedFolder == completion.folder else { return }
    dialog.completion = completion
    overlay = .data(dialog)
  }
}

extension DataDialog {
  fileprivate var isPath: Bool { if case .path = row { true } else { false } }
}
