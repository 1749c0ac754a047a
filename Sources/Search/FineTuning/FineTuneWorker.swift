internal import Dispatch
internal import Formats
internal import Foundation
internal import Metrics
public import Patterns
public import Pruning
internal import Synchronization
internal import Threads
public import Training

/// Fine-tunes strategies on a thread of its own, so that nobody who shows it ever waits. Commands go in and
/// events come out through a mailbox.
public final class FineTuneWorker: Sendable {
  /// A wish of the user's.
  public enum Command: Sendable {
    /// Fine-tune this strategy, or go on with it; cancels another one.
    case start(Strategy, FineTuning)
    /// Find out how long that would take.
    case estimate(Strategy)
    /// Stop after the batch under way; finished epochs stay.
    case cancel
    /// Stop for good.
    case stop
  }

  /// News for whoever shows the work.
  public enum Event: Hashable, Sendable {
    /// A result that was finished earlier beside the run.
    case known(FineTuned)
    /// What fine-tuning a strategy is going to take.
    case estimated(Strategy, FineTuneEstimate)
    /// It cannot be told, nor can it be fine-tuned: why, in one line.
    case notEstimated(Strategy, String)
    /// Recipe and images are read, and training begins.
    case started(FineTuneSession.Start)
    /// A batch is done; told at most ten times a second.
    case batch(Trainer.Progress)
    /// An epoch is done, measured and on the disk.
    case epoch(EpochRecord)
    /// Everything is done and on the disk.
    case finished(FineTuned)
    /// It was cancelled.
    case cancelled
    /// It failed: why, in one line.
    case failed(String)
  }

  private enum Request {
    case start(Strategy, FineTuning)
    case estimate(Strategy)

    var isStart: Bool { if case .start = self { true } else { false } }
  }

  private struct Wishes {
    var request: Request?
    var isStopped = false
    var isWriting = false
    /// Nobody waits any more: the program may end at any time.
    var isAbandoned = false
    var cancellation = Cancellation()
  }

  private let wishes = Mutex(Wishes())
  private let pending = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)
  private let events: Mailbox<Event>

  /// Waits for strategies of the workbench's model.
  ///
  /// - Parameter notify: called on the worker's thread when there are events to drain.
  public init(
    _ workbench: Workbench, settings: FineTuneSettings, notify: @escaping @Sendable () -> Void
  ) {
    events = Mailbox(notify: notify)
    // A thread, not a queue: libdispatch looks after blocked queues once a second, for ever.
    Thread { [self] in
      serve(workbench, settings)
      finished.signal()
    }.start()
  }

  /// Tells the worker something; returns at once.
  public func send(_ command: Command) {
    let isUnbegun = wishes.withLock { wishes in
      defer { wishes.cancellation.request() }
      switch command {
      case .start(let strategy, let tuning): wishes.request = .start(strategy, tuning)
      case .estimate(let strategy): wishes.request = .estimate(strategy)
      case .cancel:
        defer { wishes.request = nil }
        return wishes.request?.isStart == true
      case .stop: wishes.isStopped = true
      }
      return false
    }
    // One that has not begun cannot say so itself.
    if isUnbegun { events.put(.cancelled) }
    pending.signal()
  }

  /// Takes the events since the last call, oldest first.
  public func drain() -> [Event] { events.drain() }

  /// Stops the worker and waits until it has: for what it writes as long as that takes, which is what was learned before
  /// the batch under way, and for that or images being read at most `patience`, as nothing of them is kept.
  public func stop(patience: Duration = .seconds(2)) {
    send(.stop)
    let clock = ContinuousClock()
    let end = clock.now + patience
    while finished.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      guard clock.now > end else { continue }
      let isAbandoned = wishes.withLock { wishes in
        wishes.isAbandoned = !wishes.isWriting
        return wishes.isAbandoned
      }
      if isAbandoned { return }
    }
    finished.signal()
  }

  // MARK: On the worker's thread

  private func serve(_ workbench: Workbench, _ settings: FineTuneSettings) {
    for known in FineTunedFolder.results(ofRun: settings.run, for: workbench) {
      tell(.known(known))
    }
    while true {
      let (request, cancellation, isStopped) = wishes.withLock { wishes in
        defer { wishes.request = nil }
        wishes.cancellation = Cancellation()
        return (wishes.request, wishes.cancellation, wishes.isStopped)
      }
      if isStopped { return }
      guard let request else {
        pending.wait()
        continue
      }
      switch request {
      case .estimate(let strategy):
        do {
          let session = try session(strategy, on: workbench, settings, settings.tuning)
          if let found = try session.estimate(cancellation) { tell(.estimated(strategy, found)) }
        } catch {
          tell(.notEstimated(strategy, "\(error)"))
        }
      case .start(let strategy, let tuning):
        do {
          let session = try session(strategy, on: workbench, settings, tuning)
          let result = try run(session, on: workbench, settings, cancellation)
          tell(result.map { .finished($0) } ?? .cancelled)
        } catch {
          tell(.failed("\(error)"))
        }
      }
    }
  }

  private func session(
    _ strategy: Strategy, on workbench: Workbench, _ settings: FineTuneSettings,
    _ tuning: FineTuning
  ) throws -> FineTuneSession {
    FineTuneSession(
      strategy, on: workbench, by: try settings.denseRecipe(ofModelAt: workbench.file.path),
      tuning: tuning, seed: settings.seed)
  }

  /// Nil if it was cancelled.
  private func run(
    _ session: FineTuneSession, on workbench: Workbench, _ settings: FineTuneSettings,
    _ cancellation: Cancellation
  ) throws -> FineTuned? {
    let folder = FineTunedFolder(
      besideRun: settings.run, session.strategy, of: workbench, by: session.recipe)
    if let known = folder.result(for: workbench) { return known }
    var last: ContinuousClock.Instant?
    let result = try session.run(
      in: folder.files, resumes: FileBytes.exists(folder.files.checkpoint),
      cancellation: cancellation, write: writing
    ) { event in
      switch event {
      case .started(let start): tell(.started(start))
      case .training(.epoch(let record)): tell(.epoch(record))
      case .training(.batch(let progress)):
        let now = ContinuousClock.now
        // The last batch is told in any case: what follows it, the validation, takes a while.
        if let last, now - last < .milliseconds(100), progress.batch < progress.batches { return }
        last = now
        tell(.batch(progress))
      }
    }
    guard let result, try writing({ try folder.write(result) }) else { return nil }
    return result
  }

  private func tell(_ event: Event) {
    // Who stops the worker may be gone before it has noticed.
    if !wishes.withLock({ $0.isStopped }) { events.put(event) }
  }

  /// Writes files, for which an ending program waits, unless it waits no more.
  ///
  /// - Returns: whether they were written.
  private func writing(_ body: () throws -> Void) rethrows -> Bool {
    let isAllowed = wishes.withLock { wishes in
      wishes.isWriting = !wishes.isAbandoned
      return wishes.isWriting
    }
    guard isAllowed else { return false }
    defer { wishes.withLock { $0.isWriting = false } }
    try body()
    return true
  }
}
