internal import Patterns
internal import Search

extension ExplorerState {
  /// Takes an event of fine-tuning.
  mutating func take(_ event: FineTuneWorker.Event) -> [Effect] {
    switch event {
    case .known(let result): run.fineTuned[result.strategy.choices] = result
    case .estimated(let strategy, let estimate):
      changeTuning(of: strategy) { $0.estimate = estimate }
    case .notEstimated(let strategy, let why): changeTuning(of: strategy) { $0.failure = why }
    case .started(let start): return begin(start)
    case .batch(let progress): run.fineTuning?.batch = progress
    case .epoch(let record):
      run.fineTuning?.batch = nil
      run.fineTuning?.records.append(record)
    case .finished(let result):
      run.fineTuned[result.strategy.choices] = result
      let epochs = result.epochs == 1 ? "1 epoch" : "\(result.epochs) epochs"
      end(
        "fine-tuned: \(Numbers.gain(result)) % validation in \(epochs)" + paused
          + "; written: \(result.folder)")
    case .cancelled:
      let done = run.fineTuning?.records.count ?? 0
      let epochs = run.fineTuning?.epochs ?? 0
      let rest = done == 0 ? "" : ", after epoch \(done) of \(epochs); f goes on"
      end("fine-tuning cancelled" + rest + paused)
    case .failed(let why): end(why, .failure)
    }
    return []
  }

  private mutating func begin(_ start: FineTuneSession.Start) -> [Effect] {
    run.fineTuning?.start = start
    run.fineTuning?.records = start.history
    if let strategy = run.fineTuning?.strategy {
      run.take(
        Measurement(cost: model.space.cost(of: strategy), accuracy: start.before), of: strategy)
    }
    // Not before: the search goes on if there is nothing to train with.
    if run.work.isSearching, run.fineTuning?.isCancelling == false {
      run.work.isSearching = false
      run.fineTuning?.hasPausedSearch = true
      say("the search is paused while \(run.fineTuning?.name ?? "") is fine-tuned")
      return [.pause]
    }
    if !start.history.isEmpty {
      say("goes on after epoch \(start.history.count) of \(start.epochs)")
    }
    return []
  }

  /// The end of a line about fine-tuning that says how the search goes on.
  private var paused: String {
    run.fineTuning?.hasPausedSearch == true && !run.work.isSearching
      ? "; p resumes the search" : ""
  }

  private mutating func end(_ text: String, _ kind: Notice.Kind = .done) {
    run.fineTuning = nil
    if overlay == .question(.cancelFineTuning) { overlay = nil }
    say(text, kind)
  }
}
