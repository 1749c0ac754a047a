internal import Dispatch
internal import Foundation
public import Metrics
public import Patterns
internal import Synchronization
internal import Threads
public import Training

/// Fine-tunes strategies on a thread of its own, so that nobody who shows it ever waits. Commands go in and
/// events come out through mailboxes.
public final class FineTuneWorker: Sendable {
  /// What the worker can be told.
  public enum Command: Sendable {
    /// Fine-tune this strategy, or go on with it; cancels another one.
    case start(Strategy)
    /// Stop after the batch under way; finished epochs stay.
    case cancel
    /// Stop for good.
    case stop
  }

  /// What the worker has to tell.
  public enum Event: Hashable, Sendable {
    /// What was finished earlier beside the run.
    case known(FineTuned)
    /// Recipe and images are read, and training begins.
    case started(Start)
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

  /// Where a training begins.
  public struct Start: Hashable, Sendable {
    /// The epochs in all.
    public var epochs: Int
    /// The accuracy on every validation image before the first.
    public var before: Accuracy
    /// Epochs done before an interruption.
    public var history: [EpochRecord]

    /// A training's beginning.
    public init(epochs: Int, before: Accuracy, history: [EpochRecord] = []) {
      self.epochs = epochs
      self.before = before
      self.history = history
    }
  }

  private struct Mailbox {
    var request: Strategy?
    var isStopped = false
    var isWriting = false
    var cancellation = Cancellation()
    var events: [Event] = []
  }

  private let mailbox = Mutex(Mailbox())
  private let pending = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)
  private let notify: @Sendable () -> Void

  /// Waits for strategies of the workbench's model.
  ///
  /// - Parameter notify: called on the worker's thread when there are events to drain.
  public init(
    _ workbench: Workbench, settings: FineTuneSettings, notify: @escaping @Sendable () -> Void
  ) {
    self.notify = notify
    // A thread, not a queue: libdispatch looks after blocked queues once a second, for ever.
    Thread { [self] in
      serve(workbench, settings)
      finished.signal()
    }.start()
  }

  /// Tells the worker something; returns at once.
  public func send(_ command: Command) {
    mailbox.withLock { mailbox in
      switch command {
      case .start(let strategy): mailbox.request = strategy
      case .cancel:
        // One that has not begun cannot say so itself.
        if mailbox.request != nil { mailbox.events.append(.cancelled) }
        mailbox.request = nil
      case .stop: mailbox.isStopped = true
      }
      mailbox.cancellation.request()
    }
    if case .cancel = command { notify() }
    pending.signal()
  }

  /// Takes the events since the last call, oldest first.
  public func drain() -> [Event] {
    mailbox.withLock { mailbox in
      defer { mailbox.events = [] }
      return mailbox.events
    }
  }

  /// Stops the worker and waits until it has: for what it writes as long as that takes, for a batch under way
  /// or images being read at most `patience`, as nothing of them is kept.
  public func stop(patience: Duration = .seconds(2)) {
    send(.stop)
    let clock = ContinuousClock()
    let end = clock.now + patience
    while finished.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      if clock.now > end, !mailbox.withLock({ $0.isWriting }) { return }
    }
    finished.signal()
  }

  // MARK: On the worker's thread

  private func serve(_ workbench: Workbench, _ settings: FineTuneSettings) {
    for known in FineTunedFolder.results(ofRun: settings.run, for: workbench) {
      tell(.known(known))
    }
    while true {
      let (request, cancellation, isStopped) = mailbox.withLock { mailbox in
        defer { mailbox.request = nil }
        mailbox.cancellation = Cancellation()
        return (mailbox.request, mailbox.cancellation, mailbox.isStopped)
      }
      if isStopped { return }
      guard let request else {
        pending.wait()
        continue
      }
      let job = FineTuneJob(
        strategy: request, workbench: workbench, settings: settings, cancellation: cancellation)
      do {
        let result = try job.run(tell: tell, writing: writing)
        tell(result.map { .finished($0) } ?? .cancelled)
      } catch {
        tell(.failed("\(error)"))
      }
    }
  }

  private func tell(_ event: Event) {
    let isHeard = mailbox.withLock { mailbox in
      mailbox.events.append(event)
      return !mailbox.isStopped
    }
    // Who stops the worker may be gone before it has noticed.
    if isHeard { notify() }
  }

  /// Writes files unless the program is ending, which waits for them otherwise.
  ///
  /// - Returns: whether they were written.
  private func writing(_ body: () throws -> Void) rethrows -> Bool {
    let isAllowed = mailbox.withLock { mailbox in
      mailbox.isWriting = !mailbox.isStopped
      return mailbox.isWriting
    }
    guard isAllowed else { return false }
    defer { mailbox.withLock { $0.isWriting = false } }
    try body()
    return true
  }
}
