internal import Dispatch
public import Engine
public import Formats
internal import Foundation
public import Patterns
internal import Pruning
internal import Synchronization
internal import Threads

/// Loads a model, measures strategies and runs the search on a thread of its own, so that nobody who
/// shows it ever waits. Commands go in and events come out through mailboxes.
public final class SearchWorker: Sendable {
  /// What the worker can be told.
  public enum Command: Sendable {
    /// Measure a strategy, before anything else and instead of one asked for earlier.
    case measure(Strategy)
    /// Play episodes until paused.
    case run
    /// Stop after the step under way is abandoned; it is played again later.
    case pause
    /// Play to the end of one episode.
    case playEpisode
    /// Hold the pinned units of a strategy at its choices.
    case pin(Strategy)
    /// Aim at another target, with another weight of an excess; nil lets it follow the episodes.
    case steer(target: Target, multiplier: Double?)
    /// Stop for good.
    case stop
  }

  /// What the worker has to tell.
  public enum Event: Sendable {
    /// Weights and data are read.
    case loaded(Workbench)
    /// The model cannot be evaluated: why, in one line. Its structure can still be shown.
    case loadingFailed(String)
    /// The dense model's accuracy so far.
    case baseline(Measurement, isFinal: Bool)
    /// Choices whose harm was measured, and how many there are; the search begins after the last.
    case analysing(done: Int, of: Int)
    /// How much each choice is expected to hurt.
    case sensitivity(Sensitivity)
    /// Choices that were timed so far, and how many there are.
    case timing(done: Int, of: Int)
    /// Choices cannot be timed: why, in one line.
    case timingFailed(String)
    /// What each choice does to the time of an image, on this machine.
    case latencies(LatencyTable)
    /// The settings of the stored run that is gone on with; its episodes follow.
    case resumed(SearchSettings)
    /// The accuracy so far of a strategy that was asked for.
    case measured(Strategy, Measurement, isFinal: Bool)
    /// The search took a step.
    case step(SearchStep)
    /// An episode ended. `multiplier` is the price of an excess in the next one.
    case episode(Episode, multiplier: Double)
    /// Whether the search is under way.
    case searching(Bool)
    /// The work under way failed: why, in one line.
    case failed(String)
  }

  /// Where the episodes of a search are kept.
  public enum Recording: Sendable {
    /// In memory only.
    case none
    /// In a new run, begun at this path when the first episode ends.
    case new(path: String)
    /// In this run, whose episodes come first.
    case resume(path: String)
  }

  /// What a search aims at.
  private struct Aim {
    var target: Target
    var multiplier: Double?
  }

  private struct Mailbox {
    var request: Strategy?
    var pins: Strategy?
    var aim: Aim?
    var isRunning = false
    var episodesAsked = 0
    var isStopped = false
    var cancellation = Cancellation()
    var events: [Event] = []
  }

  private let mailbox = Mutex(Mailbox())
  private let pending = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)
  private let notify: @Sendable () -> Void

  /// Starts to load the weights and the validation images of `file`.
  ///
  /// - Parameters:
  ///   - library: the patterns on offer.
  ///   - sharing: which filters of a convolution have one mask.
  ///   - recording: where episodes are kept.
  ///   - notify: called on the worker's thread when there are events to drain.
  public init(
    _ file: ModelFile, settings: SearchSettings, library: PatternLibrary = .standard,
    sharing: MaskSharing = .standard, threads: Int = Evaluator.defaultThreads,
    recording: Recording = .none,
    notify: @escaping @Sendable () -> Void
  ) {
    self.notify = notify
    // A thread, not a queue: libdispatch looks after blocked queues once a second, for ever.
    Thread { [self] in
      work(file, settings, library, sharing, threads, recording)
      finished.signal()
    }.start()
  }

  /// Tells the worker something; returns at once.
  public func send(_ command: Command) {
    mailbox.withLock { mailbox in
      switch command {
      case .measure(let strategy):
        mailbox.request = strategy
        mailbox.cancellation.request()
      case .run: mailbox.isRunning = true
      case .pause:
        mailbox.isRunning = false
        mailbox.episodesAsked = 0
        mailbox.cancellation.request()
      case .playEpisode: mailbox.episodesAsked += 1
      case .pin(let strategy):
        mailbox.pins = strategy
        mailbox.cancellation.request()
      case .steer(let target, let multiplier):
        mailbox.aim = Aim(target: target, multiplier: multiplier)
        mailbox.cancellation.request()
      case .stop:
        mailbox.isStopped = true
        mailbox.cancellation.request()
      }
    }
    pending.signal()
  }

  /// Takes the events since the last call, oldest first.
  public func drain() -> [Event] {
    mailbox.withLock { mailbox in
      defer { mailbox.events = [] }
      return mailbox.events
    }
  }

  /// Stops the worker and waits until it has: at most for the images under way.
  public func stop() {
    send(.stop)
    finished.wait()
    finished.signal()
  }

  private func tell(_ event: Event) {
    mailbox.withLock { $0.events.append(event) }
    notify()
  }

  // MARK: On the worker's thread

  private enum Task {
    case measure(Strategy)
    case measureBaseline
    case analyse
    case time
    case search
    case wait
    case stop
  }

  /// What holds from now on, whatever is done next.
  private struct Wishes {
    let pins: Strategy?
    let aim: Aim?
  }

  /// What the worker knows by now.
  private struct Progress {
    let workbench: Workbench
    var settings: SearchSettings
    let recording: Recording
    var isBaselineKnown = false
    var isTimed = false
    /// There once choices were timed, if they can be.
    var latencies: LatencyTable?
    /// There once the sensitivity is known, or a stored run was read.
    var search: RecordedSearch?
    var pins: Strategy?
  }

  private func work(
    _ file: ModelFile, _ settings: SearchSettings, _ library: PatternLibrary,
    _ sharing: MaskSharing, _ threads: Int, _ recording: Recording
  ) {
    do {
      let workbench = try Workbench(
        file.readingWeights(), library: library, engine: settings.engine, threads: threads,
        method: PruningMethod(sharing: sharing))
      var progress = Progress(workbench: workbench, settings: settings, recording: recording)
      if case .resume = recording {
        let search = try RecordedSearch(workbench, settings: settings, recording: recording) {
          Sensitivity(energyOf: workbench.model, in: workbench.space)
        }
        progress.search = search
        tell(.loaded(workbench))
        progress.settings = search.searcher.settings
        tell(.resumed(progress.settings))
        for episode in search.searcher.episodes {
          tell(.episode(episode, multiplier: search.searcher.multiplier))
        }
      } else {
        tell(.loaded(workbench))
      }
      serve(&progress)
    } catch {
      tell(.loadingFailed("\(error)"))
    }
  }

  private func serve(_ progress: inout Progress) {
    var wasSearching = false
    while true {
      let (task, wishes, cancellation) = nextTask(progress)
      if let pins = wishes.pins {
        progress.pins = pins
        progress.search?.pin(pins)
      }
      let isSearching = mailbox.withLock { $0.isRunning || $0.episodesAsked > 0 }
      if isSearching != wasSearching { tell(.searching(isSearching)) }
      wasSearching = isSearching
      do {
        if let aim = wishes.aim {
          progress.settings.target = aim.target
          progress.settings.multiplier = aim.multiplier
          try progress.search?.steer(target: aim.target, multiplier: aim.multiplier)
        }
        switch task {
        case .stop: return
        case .wait: pending.wait()
        case .measure(let strategy):
          let isDone = try measure(strategy, on: progress.workbench, cancellation)
          // Put off, unless a newer one was asked for meanwhile.
          if !isDone { mailbox.withLock { $0.request = $0.request ?? strategy } }
        case .measureBaseline:
          progress.isBaselineKnown = try measureBaseline(progress.workbench, cancellation)
        case .analyse: try analyse(&progress, cancellation)
        case .time: progress.isTimed = try time(&progress, cancellation)
        case .search: try step(&progress, cancellation)
        }
      } catch {
        tell(.failed("\(error)"))
        mailbox.withLock { ($0.isRunning, $0.episodesAsked) = (false, 0) }
        if case .measureBaseline = task { progress.isBaselineKnown = true }
        if case .analyse = task { return }
        if case .time = task { progress.isTimed = true }
      }
    }
  }

  /// What to do next, with a fresh cancellation that later commands can ask for.
  private func nextTask(_ progress: Progress) -> (Task, Wishes, Cancellation) {
    mailbox.withLock { mailbox in
      let cancellation = Cancellation()
      mailbox.cancellation = cancellation
      let wishes = Wishes(pins: mailbox.pins, aim: mailbox.aim)
      (mailbox.pins, mailbox.aim) = (nil, nil)
      if mailbox.isStopped { return (.stop, wishes, cancellation) }
      if let strategy = mailbox.request {
        mailbox.request = nil
        return (.measure(strategy), wishes, cancellation)
      }
      if !progress.isBaselineKnown { return (.measureBaseline, wishes, cancellation) }
      if !progress.isTimed { return (.time, wishes, cancellation) }
      if progress.search == nil { return (.analyse, wishes, cancellation) }
      let isSearching = mailbox.isRunning || mailbox.episodesAsked > 0
      return (isSearching ? .search : .wait, wishes, cancellation)
    }
  }

  private func measureBaseline(
    _ workbench: Workbench, _ cancellation: Cancellation
  ) throws -> Bool {
    let cost = workbench.space.denseCost
    let final = workbench.evaluator.accuracy(
      of: try workbench.denseProgram(), cancellation: cancellation,
      progress: { [self] in tell(.baseline(Measurement(cost: cost, accuracy: $0), isFinal: false)) }
    )
    if let final { tell(.baseline(Measurement(cost: cost, accuracy: final), isFinal: true)) }
    return final != nil
  }

  private func analyse(_ progress: inout Progress, _ cancellation: Cancellation) throws {
    let workbench = progress.workbench
    let sensitivity = try workbench.cachedSensitivity(cancellation: cancellation) {
      [self] done, count in
      tell(.analysing(done: done, of: count))
    }
    guard let sensitivity else { return }
    var search = try RecordedSearch(
      workbench, settings: progress.settings, recording: progress.recording,
      latencies: progress.latencies
    ) { sensitivity }
    if let pins = progress.pins { search.pin(pins) }
    progress.search = search
    tell(.sensitivity(sensitivity))
  }

  /// Whether every choice was timed, or cannot be: what times it may not be installed.
  private func time(_ progress: inout Progress, _ cancellation: Cancellation) throws -> Bool {
    let workbench = progress.workbench
    let table: LatencyTable?
    do {
      table = try LatencyTable.cached(
        workbench.model, digest: workbench.file.digest, workbench.space,
        cancellation: cancellation,
        progress: { [self] done, count in tell(.timing(done: done, of: count)) })
    } catch  where progress.settings.target.resource != .latency {
      tell(.timingFailed("\(error)"))
      return true
    }
    guard let table else { return false }
    progress.latencies = table
    progress.search?.know(table)
    tell(.latencies(table))
    return true
  }

  /// Whether it was measured to the end.
  private func measure(
    _ strategy: Strategy, on workbench: Workbench, _ cancellation: Cancellation
  ) throws -> Bool {
    let cost = workbench.space.cost(of: strategy)
    let final = try workbench.measure(
      strategy, cancellation: cancellation,
      progress: { [self] in
        tell(.measured(strategy, Measurement(cost: cost, accuracy: $0), isFinal: false))
      })
    if let final { tell(.measured(strategy, final, isFinal: true)) }
    return final != nil
  }

  private func step(_ progress: inout Progress, _ cancellation: Cancellation) throws {
    switch try progress.search?.step(cancellation) {
    case .step(let step): tell(.step(step))
    case .episode(let episode):
      mailbox.withLock { $0.episodesAsked = max(0, $0.episodesAsked - 1) }
      tell(.episode(episode, multiplier: progress.search?.searcher.multiplier ?? 0))
    case nil: break
    }
  }
}
