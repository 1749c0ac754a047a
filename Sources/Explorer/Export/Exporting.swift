internal import Patterns
internal import Search
internal import TerminalKit

extension ExplorerState {
  /// Opens the export dialog for the strategy shown, which is measured meanwhile.
  mutating func openExport() -> [Effect] {
    let strategy = run.shown
    overlay = .export(
      ExportDialog(
        strategy, fineTuned: run.fineTuned[strategy.choices], named: model.fileName,
        hasWeights: run.work.loading == .done))
    return run.measureIfNeeded(strategy, in: model)
  }

  /// Does what a key does in the export dialog.
  mutating func press(_ key: Key, in dialog: ExportDialog) -> [Effect] {
    var dialog = dialog
    switch (dialog.stage, key) {
    case (.asking, .escape), (.asking, .control("c")):
      overlay = nil
      return []
    case (.asking, .enter):
      guard !dialog.path.text.isEmpty else {
        say("type where it goes", .refusal)
        return []
      }
      return write(dialog, replacing: false)
    case (.asking, .tab), (.asking, .down): dialog.turn()
    case (.asking, .backtab), (.asking, .up): dialog.turn(by: -1)
    case (.asking, _): dialog.type(key)
    case (.confirming, .character("y")): return write(dialog, replacing: true)
    case (.confirming, _), (.waiting, .escape), (.waiting, .control("c")): dialog.stage = .asking
    case (.waiting, _), (.writing, _): break
    }
    overlay = .export(dialog)
    return []
  }

  /// Writes a fine-tuned model at once; all else when the strategy has been made ready for it.
  private mutating func write(_ dialog: ExportDialog, replacing: Bool) -> [Effect] {
    let (path, strategy) = (dialog.path.text, dialog.strategy)
    if case .model(let format, isFineTuned: true) = dialog.kind, let tuned = dialog.fineTuned {
      turnExport(to: .writing)
      let model = ExportedModel(source: .fineTuned(tuned), format: format)
      return [.exportModel(model, path: path, replacing: replacing)]
    }
    let result = run.results[strategy.choices]
    let isDenseKnown = strategy.isDense && model.baseline.isFinal
    guard result != nil || isDenseKnown || !run.work.canMeasure else {
      turnExport(to: .waiting(replacing: replacing))
      return [.finish(strategy)]
    }
    turnExport(to: .writing)
    switch dialog.kind {
    case .strategy:
      let file = run.strategyFile(of: strategy, in: model)
      return [.export(file, path: path, replacing: replacing)]
    case .report(let format):
      return [.exportReport(of: strategy, format, path: path, replacing: replacing)]
    case .model(let format, _):
      let source = ExportedModel.Source.pruned(strategy, result?.method.correction)
      return [
        .exportModel(
          ExportedModel(source: source, format: format), path: path, replacing: replacing)
      ]
    }
  }

  /// Writes what waited for a strategy to be ready, if there is something.
  mutating func writeWhatWaited(for strategy: Strategy) -> [Effect] {
    guard case .export(let dialog) = overlay, dialog.strategy.choices == strategy.choices,
      case .waiting(let replacing) = dialog.stage
    else { return [] }
    return write(dialog, replacing: replacing)
  }

  /// Takes how the writing of a file ended.
  mutating func take(_ outcome: ExportOutcome) {
    switch outcome {
    case .exists: turnExport(to: .confirming)
    case .written(let path):
      var gain = ""
      if case .export(let dialog) = overlay {
        if dialog.strategy.choices == run.live.choices { run.edits.didExport() }
        // Not the accuracy that the dialog showed.
        if let result = run.results[dialog.strategy.choices],
          result.method.correction == .resolved
        {
          gain = ", layers solved again: \(Numbers.accuracy(result.accuracy))"
        }
        overlay = nil
      }
      say("written: \(path)\(gain)")
    case .failed(let why):
      askForExportAgain()
      say(why, .failure)
    }
  }

  /// Lets the user correct the path of an export that came to nothing.
  mutating func askForExportAgain() { turnExport(to: .asking) }

  private mutating func turnExport(to stage: ExportDialog.Stage) {
    guard case .export(var dialog) = overlay else { return }
    dialog.stage = stage
    overlay = .export(dialog)
  }
}
