internal import Formats
internal import ModelGraph
internal import Patterns
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
    let isJudgedAlike = choice.absolute.judgesLike(model.data)
    model.data = choice.absolute
    if isJudgedAlike {
      let name = choice[.train].map { String($0.split(separator: "/").last ?? "") }
      say("f trains on \(name ?? "the recipe's images") from now on; the search goes on")
      return [.stopTrying, .train(model.data)]
    }
    return [.stopTrying] + beginAnew()
  }

  /// Begins another run by other images: what was found by the present ones does not hold for them.
  private mutating func beginAnew() -> [Effect] {
    let wasJudged = run.work.loading == .done
    let (isSearching, wasBegun) = (run.work.isSearching, run.isBegun)
    let pins = run.live.pinned
    run = run.begunAnew(dense: model.dense)
    model.forgetMeasurements()
    run.work.isSearching = isSearching
    let earlier = wasBegun ? "; the run so far stays on disk, R lists it" : ""
    say(
      wasJudged
        ? "the images are others, which losses and scores rest on: "
          + (isSearching ? "the search begins anew" : "all is measured anew") + earlier
        : "judged by these images from now on")
    return [.judge(model.data, isNewRun: wasBegun)]
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
