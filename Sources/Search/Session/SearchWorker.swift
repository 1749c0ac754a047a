internal import Dispatch
public import Engine
public import Formats
public import Foundation
public import Patterns
internal import Synchronization
internal import Threads

/// A search session on a thread of its own, so that nobody who shows it ever waits. Commands go in, most urgent
/// first, and events come out through a mailbox.
public final class SearchWorker: Sendable {
  /// A wish of the user's.
  public enum Command: Sendable {
    /// Measure a strategy, before anything else and instead of one asked for earlier.
    case measure(Strategy)
    /// Make a strategy ready to be written; likewise.
    case finish(Strategy)
    /// Find the best strategy so far, and make it ready to be written; likewise.
    case findBest
    /// Play episodes until paused.
    case run
    /// Stop after the step under way is abandoned; it is played again later.
    case pause
    /// Play to the end of one episode.
    case playEpisode
    /// Plan a strategy for each of these targets and look at it, before the search goes on; none stops that.
    case sweep([Target])
    /// Hold the pinned units of a strategy at its choices.
    case pin(Strategy)
    /// Aim at another target, with another weight of an excess; nil lets it follow the episodes.
    case steer(target: Target, multiplier: Double?)
    /// Keep what this gives beside the search, to be told when the run is gone on with.
    case remember(@Sendable () -> Data)
    /// Stop for good.
    case stop
    /// Stop for good, and delete the run.
    case discard
  }

  /// Commands that were not carried out yet.
  private struct Wishes {
    var measured: Strategy?
    var result: Subject?
    var swept: [Target] = []
    /// Strategies whose time is measured when nothing else is to be done.
    var timed: [Strategy] = []
    var steering = Steering()
    var memory: (@Sendable () -> Data)?
    var isRunning = false
    var episodesAsked = 0
    var isStopped = false
    var isDiscarded = false
    var cancellation = Cancellation()

    /// Changes that the session takes between two tasks.
    struct Steering {
      var pins: Strategy?
      var aim: (target: Target, multiplier: Double?)?
    }

    /// The strategy that a result is wanted of.
    enum Subject {
      case best
      case strategy(Strategy)
    }

    var isSearching: Bool { isRunning || episodesAsked > 0 }
  }

  private let wishes = Mutex(Wishes())
  /// Where the session is kept; nil before there is one.
  private let recorder = Mutex<RunRecorder?>(nil)
  /// Keeps what is to be remembered: a step under way may take minutes, and the program may be killed in it.
  private let keeper = SerialThread()
  private let pending = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)
  private let events: Mailbox<SearchSession.Event>

  /// Starts to load the weights and the validation images of `file`.
  ///
  /// - Parameters:
  ///   - library: the patterns on offer.
  ///   - method: how strategies are made into models.
  ///   - otherwise: where episodes are kept if the run that is to be gone on with cannot be.
  ///   - notify: called on the worker's thread when there are events to drain.
  public init(
    _ file: ModelFile, settings: SearchSettings, library: PatternLibrary = .standard,
    method: PruningMethod = PruningMethod(), threads: Int = Evaluator.defaultThreads,
    memory: MemoryBudget = .standard, options: SearchSession.Options = .init(),
    otherwise: Recording = .none, notify: @escaping @Sendable () -> Void
  ) {
    events = Mailbox(notify: notify)
    // A thread, not a queue: libdispatch looks after blocked queues once a second, for ever.
    Thread { [self] in
      do {
        let workbench = try Workbench(
          file.readingWeights(), library: library, engine: settings.engine, threads: threads,
          memory: memory, method: method)
        events.put(.loaded(workbench))
        let session = try session(on: workbench, settings, options, otherwise: otherwise)
        recorder.withLock { $0 = session.recorder }
        keeper.async { [self] in keep() }
        let follower = session.followed.map {
          RunFollower($0) { [self] in events.put(.followed($0)) }
        }
        serve(session)
        follower?.stop()
      } catch {
        events.put(.loadingFailed("\(error)"))
      }
      // After the last memory, even if somebody still holds the worker: the run is anybody's now.
      keeper.async { [self] in leave() }
      finished.signal()
    }.start()
  }

  private func session(
    on workbench: Workbench, _ settings: SearchSettings, _ options: SearchSession.Options,
    otherwise: Recording
  ) throws -> SearchSession {
    let timesChoices = options.timesChoices
    let tell: @Sendable (SearchSession.Event) -> Void = { [self] event in
      events.put(event)
      // Finalists are few, and what they were predicted to take is worth a look.
      if case .finalist(let step, _, _) = event, timesChoices { time(step.strategy) }
      if case .result(let result) = event, timesChoices { time(result.step.strategy) }
    }
    var options = options
    if case .show(let path) = options.recording, RunWriter(ofRun: path) != .nobody {
      options.recording = .follow(path: path)
    }
    do {
      return try SearchSession(workbench, settings: settings, options: options, tell: tell)
    } catch {
      guard case .resume(let path) = options.recording else { throw error }
      if (error as? SearchError)?.holder != nil {
        options.recording = .follow(path: path)
      } else {
        // The model is none the worse for it.
        events.put(.notResumed("\(error)"))
        options.recording = otherwise
      }
      return try SearchSession(workbench, settings: settings, options: options, tell: tell)
    }
  }

  /// Tells the worker something; returns at once.
  public func send(_ command: Command) {
    wishes.withLock { wishes in
      switch command {
      case .measure(let strategy): wishes.measured = strategy
      case .finish(let strategy): wishes.result = .strategy(strategy)
      case .findBest: wishes.result = .best
      case .run: wishes.isRunning = true
      case .pause: (wishes.isRunning, wishes.episodesAsked) = (false, 0)
      case .playEpisode: wishes.episodesAsked += 1
      case .sweep(let targets): wishes.swept = targets
      case .pin(let strategy): wishes.steering.pins = strategy
      case .steer(let target, let multiplier): wishes.steering.aim = (target, multiplier)
      case .remember(let memory): wishes.memory = memory
      case .stop: wishes.isStopped = true
      case .discard: (wishes.isStopped, wishes.isDiscarded) = (true, true)
      }
      switch command {
      // Not worth the work under way; what is, comes with a wish of its own.
      case .run, .playEpisode, .remember: break
      default: wishes.cancellation.request()
      }
    }
    if case .remember = command { return keeper.async { [self] in keep() } }
    pending.signal()
  }

  private func time(_ strategy: Strategy) {
    guard !strategy.isDense else { return }
    wishes.withLock { if !$0.timed.contains(strategy) { $0.timed.append(strategy) } }
  }

  /// Takes the events since the last call, oldest first.
  public func drain() -> [SearchSession.Event] { events.drain() }

  /// Stops the worker and waits until it has: at most for the images under way.
  public func stop() {
    send(.stop)
    finished.wait()
    finished.signal()
    keeper.wait()
  }

  // MARK: On the worker's thread

  private enum Task {
    case measure(Strategy)
    case finish(Wishes.Subject)
    case prepare
    case sweep(Target)
    case search
    case time(Strategy)
    case wait
    case stop
  }

  private func serve(_ start: SearchSession) {
    var session = start
    var wasSearching = false
    // What kept the search from beginning is tried again when the search is asked for again.
    var hasFailed = false
    while true {
      let (task, steering, cancellation) = nextTask(
        isPrepared: session.isPrepared, hasFailed: hasFailed)
      let isSearching = wishes.withLock { $0.isSearching }
      if isSearching != wasSearching { events.put(.searching(isSearching)) }
      wasSearching = isSearching
      do {
        try steer(&session, steering)
        switch task {
        case .stop: return
        case .wait: pending.wait()
        case .measure(let strategy):
          // Put off, unless a newer one was asked for meanwhile.
          if try session.measure(strategy, cancellation) == nil {
            wishes.withLock { $0.measured = $0.measured ?? strategy }
          }
        case .finish(let subject):
          try session.catchUp()
          let result =
            switch subject {
            case .best: try session.result(cancellation)
            case .strategy(let strategy): try session.result(of: strategy, cancellation)
            }
          if result == nil { wishes.withLock { $0.result = $0.result ?? subject } }
        case .prepare:
          _ = try session.prepare(cancellation)
          hasFailed = false
        case .sweep(let target):
          if let step = try session.plan(for: target, cancellation) {
            let left = wishes.withLock { wishes in
              if wishes.swept.first == target { wishes.swept.removeFirst() }
              return wishes.swept.count
            }
            events.put(.swept(target, step, left: left))
          }
        case .time(let strategy):
          if let comparison = try session.time(strategy, cancellation) {
            wishes.withLock { wishes in wishes.timed.removeAll { $0 == strategy } }
            events.put(.timed(strategy, comparison))
          }
        case .search:
          if case .episode = try session.step(cancellation) {
            wishes.withLock { $0.episodesAsked = max(0, $0.episodesAsked - 1) }
          }
        }
      } catch {
        events.put(.failed("\(error)"))
        wishes.withLock { wishes in
          (wishes.isRunning, wishes.episodesAsked) = (false, 0)
          (wishes.swept, wishes.timed) = ([], [])
        }
        if case .prepare = task { hasFailed = true }
      }
    }
  }

  private func steer(_ session: inout SearchSession, _ steering: Wishes.Steering) throws {
    if let pins = steering.pins { try session.pin(pins) }
    if let aim = steering.aim {
      try session.steer(target: aim.target, multiplier: aim.multiplier)
    }
  }

  /// Keeps the latest of what is to be remembered, on the keeper's thread, as soon as there is a session.
  private func keep() {
    guard let recorder = self.recorder.withLock({ $0 }),
      let memory = wishes.withLock({ $0.memory.take() })
    else { return }
    do {
      try recorder.remember(memory())
    } catch {
      // The search can do without; episodes that cannot be kept end it.
      events.put(.notKept("\(error)"))
    }
  }

  /// Lets the run go, on the keeper's thread.
  private func leave() {
    let recorder = self.recorder.withLock { $0.take() }
    if wishes.withLock({ $0.isDiscarded }) { try? recorder?.discard() }
  }

  /// The most urgent task, with a fresh cancellation that later commands can ask for.
  private func nextTask(
    isPrepared: Bool, hasFailed: Bool
  ) -> (Task, Wishes.Steering, Cancellation) {
    wishes.withLock { wishes in
      let cancellation = Cancellation()
      wishes.cancellation = cancellation
      let steering = wishes.steering
      wishes.steering = Wishes.Steering()
      let task: Task
      if wishes.isStopped {
        task = .stop
      } else if let strategy = wishes.measured {
        wishes.measured = nil
        task = .measure(strategy)
      } else if let subject = wishes.result {
        wishes.result = nil
        task = .finish(subject)
      } else if !isPrepared, wishes.isSearching || !hasFailed {
        task = .prepare
      } else if let target = wishes.swept.first, isPrepared {
        task = .sweep(target)
      } else if wishes.isSearching {
        task = .search
      } else {
        task = wishes.timed.first.map { .time($0) } ?? .wait
      }
      return (task, steering, cancellation)
    }
  }
}
