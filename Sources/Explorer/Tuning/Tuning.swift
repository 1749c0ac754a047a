internal import Patterns
internal import Search
internal import TerminalKit

extension ExplorerState {
  /// Asks for epochs and rate of the strategy shown, while the time that they take is found out; asks whether to
  /// cancel if one is being fine-tuned.
  mutating func fineTuneOrAsk() -> [Effect] {
    guard run.fineTuning == nil else {
      overlay = .question(.cancelFineTuning)
      return []
    }
    let strategy = run.shown
    overlay = .tuning(
      TuningDialog(strategy, name: run.history.name(of: strategy), run.tuning))
    return [.estimateTuning(strategy)]
  }

  /// Does what a key does in the choice of epochs and rate.
  mutating func press(_ key: Key, in dialog: TuningDialog) -> [Effect] {
    var dialog = dialog
    switch key {
    case .escape, .control("c"):
      overlay = nil
      return [.cancelFineTuning]
    case .enter: return begin(dialog)
    case .up, .backtab: dialog.row = 0
    case .down: dialog.row = 1
    case .tab: dialog.row = 1 - dialog.row
    default: dialog.handle(key)
    }
    overlay = .tuning(dialog)
    return []
  }

  private mutating func begin(_ dialog: TuningDialog) -> [Effect] {
    guard let choice = dialog.choice else {
      say("epochs: 1 to \(TuningDialog.mostEpochs); rate: above 0, or empty", .refusal)
      return []
    }
    overlay = nil
    run.tuning = choice
    run.fineTuning = FineTuneProgress(dialog.strategy, name: dialog.name)
    return [.fineTune(dialog.strategy, choice.tuning)]
  }

  /// Changes the choice of epochs and rate of a strategy, if it is still open.
  mutating func changeTuning(of strategy: Strategy, _ change: (inout TuningDialog) -> Void) {
    guard case .tuning(var dialog) = overlay, dialog.strategy == strategy else { return }
    change(&dialog)
    overlay = .tuning(dialog)
  }
}
