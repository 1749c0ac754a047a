internal import Patterns
internal import Search
internal import TerminalKit

extension ExplorerState {
  /// Fine-tunes the strategy shown; asks whether to cancel if one is being fine-tuned.
  mutating func fineTuneOrAsk() -> [Effect] {
    guard fineTuning == nil else {
      overlay = .cancelFineTuning
      return []
    }
    let name = name(of: shown)
    fineTuning = FineTuneProgress(shown, name: name)
    return [.fineTune(shown)]
  }

  /// What a strategy is called: by the first episode that has it, with the step if that is not its best;
  /// otherwise it is the user's.
  func name(of strategy: Strategy) -> String {
    func place(in steps: [SearchStep]) -> Int? {
      steps.firstIndex { $0.strategy.choices == strategy.choices }
    }
    if let step = place(in: steps) { return "ep \(episodes.count + 1).\(step + 1)" }
    for (number, episode) in episodes.enumerated() {
      guard let step = place(in: episode.steps) else { continue }
      let isBest = episode.best.strategy.choices == strategy.choices
      return "ep \(number + 1)" + (isBest ? "" : ".\(step + 1)")
    }
    return "your strategy"
  }

  mutating func pressInCancelling(_ key: Key) -> [Effect] {
    overlay = nil
    switch key {
    case .character("f"), .character("y"), .enter:
      guard fineTuning != nil else { return [] }
      fineTuning?.isCancelling = true
      return [.cancelFineTuning]
    default: return []
    }
  }

  /// Takes what fine-tuning has to tell.
  mutating func hear(_ event: FineTuneWorker.Event) -> [Effect] {
    switch event {
    case .known(let result): fineTuned[result.strategy.choices] = result
    case .started(let start):
      fineTuning?.start = start
      fineTuning?.records = start.history
      if let strategy = fineTuning?.strategy {
        measurements[strategy.choices] = Measurement(
          cost: space.cost(of: strategy), accuracy: start.before)
      }
      // Not before: the search goes on if there is nothing to train with.
      if isSearching, fineTuning?.isCancelling == false {
        isSearching = false
        fineTuning?.hasPausedSearch = true
        notice = Notice("the search is paused while \(fineTuning?.name ?? "") is fine-tuned")
        return [.pause]
      }
      if !start.history.isEmpty {
        notice = Notice("goes on after epoch \(start.history.count) of \(start.epochs)")
      }
    case .batch(let progress): fineTuning?.batch = progress
    case .epoch(let record):
      fineTuning?.batch = nil
      fineTuning?.records.append(record)
    case .finished(let result):
      fineTuned[result.strategy.choices] = result
      let epochs = result.epochs == 1 ? "1 epoch" : "\(result.epochs) epochs"
      end(
        Notice(
          "fine-tuned: \(Numbers.gain(result)) % validation in \(epochs)" + paused
            + "; written: \(result.folder)"))
    case .cancelled:
      let done = fineTuning?.records.count ?? 0
      let rest = done == 0 ? "" : ", after epoch \(done) of \(fineTuning?.epochs ?? 0); f goes on"
      end(Notice("fine-tuning cancelled" + rest + paused))
    case .failed(let why): end(Notice(why, .failure))
    }
    return []
  }

  /// What became of the search.
  private var paused: String {
    fineTuning?.hasPausedSearch == true && !isSearching ? "; p resumes the search" : ""
  }

  private mutating func end(_ notice: Notice) {
    fineTuning = nil
    if overlay == .cancelFineTuning { overlay = nil }
    self.notice = notice
  }
}
