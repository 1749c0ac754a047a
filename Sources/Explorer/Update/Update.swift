internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// Takes what happened into the state; returns what is to be done about it.
package func update(_ state: inout ExplorerState, _ message: Message) -> [Effect] {
  let shown = state.shown.choices
  let preferences = state.preferences
  var effects: [Effect]
  switch message {
  case .key(let key): effects = state.press(key)
  case .mouse(let event): effects = state.mouse(event)
  case .paste(let text): effects = state.paste(text)
  case .resize(let size):
    state.size = size
    effects = []
  default: effects = state.hear(message)
  }
  state.keepSelectionVisible()
  // The masks of what has just come into view are counted elsewhere.
  if state.analysis != nil, state.masks[state.shown.choices] == nil,
    state.shown.choices != shown || state.isFirstSummary(message)
  {
    effects.append(.summarize(state.shown))
  }
  if state.preferences != preferences, !state.isReadOnly {
    effects.append(.keep(state.preferences))
  }
  return effects
}

extension ExplorerState {
  fileprivate func isFirstSummary(_ message: Message) -> Bool {
    if case .analysed = message { true } else { false }
  }

  /// Masks of this many strategies are kept.
  private static let summaryLimit = 256

  /// What the worker and the effects have to tell.
  fileprivate mutating func hear(_ message: Message) -> [Effect] {
    switch message {
    case .loaded(let digest, let images):
      loading = .done
      self.digest = digest
      imageCount = images
      // What was refused for want of weights is not any more.
      if notice?.kind == .refusal { notice = nil }
    case .loadingFailed(let why):
      loading = .failed(why)
      notice = Notice(why, .failure)
    case .analysed(let analysis): self.analysis = analysis
    case .summarized(let summary):
      if masks.count >= Self.summaryLimit { masks = [:] }
      masks[summary.choices] = summary
    case .baseline(let measurement, let isFinal):
      // Begun anew after something more urgent, it does not fall behind what is known.
      if measurement.accuracy.images >= baseline?.accuracy.images ?? 0 { baseline = measurement }
      isBaselineFinal = isFinal
      baselineByImages[measurement.accuracy.images] = measurement.accuracy.correct
    case .analysing(let done, let count): analysing = (done, count)
    case .sensitivity(let sensitivity):
      self.sensitivity = sensitivity
      analysing = nil
    case .timing(let done, let count): timing = done < count ? (done, count) : nil
    case .timingFailed(let why):
      timingFailure = why
      record(Notice("choices cannot be timed: \(why)", .failure))
    case .latencies(let table):
      latencies = table
      predictLatencies()
      timing = nil
    case .storedRuns(let runs):
      storedRuns = runs
      if !runs.isEmpty, episodes.isEmpty, notice == nil {
        notice = Notice(
          "\(runs.count) earlier \(runs.count == 1 ? "run" : "runs") of this model: "
            + "R goes on with one")
      }
    case .resumed(let settings):
      self.settings = settings
      aim(at: settings.target)
    case .measured(let strategy, let measurement, let isFinal):
      return takeMeasurement(of: strategy, measurement, isFinal: isFinal)
    case .step(let step): take(step)
    case .episode(let episode, let multiplier):
      take(episode, multiplier: multiplier)
    case .searching(let isSearching): self.isSearching = isSearching
    case .workFailed(let why):
      failure = why
      isSearching = false
      measuring = nil
      if case .export(var dialog) = overlay {
        dialog.stage = .asking
        overlay = .export(dialog)
      }
      notice = Notice("the search has failed: \(why)", .failure)
    case .fineTuning(let event): return hear(event)
    case .exportExists:
      guard case .export(var dialog) = overlay else { return [] }
      dialog.stage = .confirming
      overlay = .export(dialog)
    case .exported(let path):
      if case .export(let dialog) = overlay {
        if dialog.strategy.choices == live.choices { hasUnexportedEdits = false }
        overlay = nil
      }
      notice = Notice("written: \(path)")
    case .exportFailed(let why):
      if case .export(var dialog) = overlay {
        dialog.stage = .asking
        overlay = .export(dialog)
      }
      notice = Notice(why, .failure)
    case .failed(let why): notice = Notice(why, .failure)
    case .key, .mouse, .paste, .resize: break
    }
    return []
  }

  private mutating func takeMeasurement(
    of strategy: Strategy, _ measurement: Measurement, isFinal: Bool
  ) -> [Effect] {
    if measurement.accuracy.images >= measurements[strategy.choices]?.accuracy.images ?? 0 {
      measurements[strategy.choices] = measurement
    }
    if notice?.kind == .edited { notice = nil }
    guard isFinal else { return [] }
    if measuring == strategy.choices { measuring = nil }
    guard case .export(let dialog) = overlay, dialog.strategy.choices == strategy.choices,
      case .waiting(let replacing) = dialog.stage
    else { return [] }
    return write(dialog, replacing: replacing)
  }

  private mutating func take(_ step: SearchStep) {
    steps.append(step)
    front.insert(step)
    follow(step)
  }

  /// Fills in what was not known when a step was taken, by this version or an older one.
  private mutating func predictLatencies() {
    func predicted(_ step: SearchStep) -> SearchStep {
      var step = step
      step.latency = step.latency ?? share(of: step.strategy, .latency)
      return step
    }
    episodes = episodes.map { episode in
      var episode = episode
      episode.steps = episode.steps.map(predicted)
      return episode
    }
    steps = steps.map(predicted)
    gatherFront()
  }

  private mutating func take(_ episode: Episode, multiplier: Double) {
    // Rewards for another target are of another kind.
    let rivals = episodes.lazy.filter { $0.target == episode.target }
    if rivals.allSatisfy({ $0.score < episode.score }) { records.append(episodes.count) }
    episodes.append(episode)
    steps = []
    self.multiplier = multiplier
    for step in episode.steps { front.insert(step) }
    if let last = episode.steps.last { follow(last) }
  }

  /// Shows the step as the live strategy, unless it was proposed before the latest pins.
  private mutating func follow(_ step: SearchStep) {
    let agrees = live.pins.indices.allSatisfy {
      live.pins[$0] == step.strategy.pins[$0]
        && (!live.pins[$0] || live.choices[$0] == step.strategy.choices[$0])
    }
    if agrees { live = step.strategy }
  }
}
