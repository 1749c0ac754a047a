internal import Engine
internal import Formats
internal import Metrics
internal import Patterns
internal import Search

extension ExplorerState {
  /// Takes an event of the search.
  mutating func take(_ event: SearchSession.Event) -> [Effect] {
    switch event {
    case .loaded(let workbench):
      load(digest: workbench.file.digest, images: workbench.evaluator.dataset.count)
      if let advice = workbench.advice { run.record(Notice("\(advice)", .refusal)) }
    case .loadingFailed(let why):
      // Images can be named without leaving.
      let why = why.contains("--data") ? "\(why), or by I here" : why
      run.work.loading = .failed(why)
      say(why, .failure)
    case .baseline(let measurement, let isFinal):
      model.baseline.take(measurement, isFinal: isFinal)
    case .measuringSensitivity(let done, let count):
      run.work.losses = .count(run.work.losses, done, of: count, at: now)
    case .sensitivity(let sensitivity):
      model.sensitivity = sensitivity
      run.work.losses = nil
    case .timing(let done, let count):
      run.work.timing = done < count ? .count(run.work.timing, done, of: count, at: now) : nil
    case .timingFailed(let why):
      run.work.timingFailure = why
      run.record(Notice("choices cannot be timed: \(why)", .failure))
    case .latencies(let latencies):
      model.latencies = latencies
      if let doubt = latencies.doubt { run.record(Notice(doubt, .refusal)) }
      run.predictLatencies(in: model)
      run.work.timing = nil
    case .resumed(let run): return resume(run)
    case .followed(let news): follow(news)
    case .notResumed(let why): say("a new run in place of it: \(why)", .failure)
    // Nothing that is kept itself, or it would be tried again.
    case .notKept(let why): say("changes are not kept: \(why)", .refusal)
    case .measured(let strategy, let measurement, let isFinal):
      return take(measurement, of: strategy, isFinal: isFinal)
    case .step(let step): run.take(model.timed(step))
    case .episode(let episode, let multiplier):
      run.take(model.timed(episode), multiplier: multiplier)
    case .searching(let isSearching):
      run.work.isSearching = isSearching
      run.pace.search(isSearching, at: now)
    case .looked(let images):
      let part = Double(run.history.steps.count) / Double(max(1, run.settings.stepsPerEpisode))
      run.pace.step(
        images: images, episodes: Double(run.history.episodes.count) + part, at: now)
    case .finalist(let step, let done, let count):
      run.work.finalists = .count(run.work.finalists, done, of: count, at: now)
      run.take(step.measurement, of: step.strategy)
    case .resolving:
      run.work.finalists = nil
      run.work.isResolving = true
    case .result(let result): return take(result)
    case .swept(let target, let step, let left):
      take(Sweep.Point(target: target, step: model.timed(step)), left: left)
    case .timed(let strategy, let comparison): run.take(comparison, of: strategy)
    case .written: break
    case .failed(let why):
      run.work.failure = why
      run.work.isSearching = false
      run.pace.search(false, at: now)
      run.work.measuring = nil
      run.work.endFinishing()
      run.sweep?.stop()
      askForExportAgain()
      say("the search has failed: \(why)", .failure)
    }
    return []
  }

  /// Notes that weights and images are read.
  package mutating func load(digest: String?, images: Int) {
    run.work.loading = .done
    model.digest = digest
    model.imageCount = images
    // What was refused for want of weights is not any more.
    if screen.notice?.kind == .refusal { screen.notice = nil }
  }

  private mutating func take(
    _ measurement: Measurement, of strategy: Strategy, isFinal: Bool
  ) -> [Effect] {
    run.take(measurement, of: strategy)
    if screen.notice?.kind == .edited { screen.notice = nil }
    guard isFinal else { return [] }
    if run.work.measuring == strategy.choices { run.work.measuring = nil }
    return []
  }

  /// Takes a strategy that is ready to be written: shows it if it is the best that was asked for, and writes what
  /// waited for it.
  private mutating func take(_ result: SearchResult) -> [Effect] {
    let strategy = result.step.strategy
    run.take(result)
    if run.work.isFindingBest {
      run.viewing = run.history.place(of: strategy)
      let way = result.method.correction == .resolved ? ", layers solved again" : ""
      say("best: \(run.history.name(of: strategy)), \(Numbers.accuracy(result.accuracy))\(way)")
    }
    run.work.endFinishing()
    return writeWhatWaited(for: strategy)
  }
}
