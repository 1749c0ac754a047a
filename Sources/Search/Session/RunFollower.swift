internal import Dispatch
internal import Foundation

/// Tells what has come to a run that another program writes, once a second, on a thread of its own.
final class RunFollower: Sendable {
  private let end = DispatchSemaphore(value: 0)

  /// Starts the thread, on which `tell` is called.
  init(_ run: FollowedRun, tell: @escaping @Sendable (StoredRun) -> Void) {
    Thread { [end] in
      var run = run
      while end.wait(timeout: .now() + 1) == .timedOut {
        // What cannot be read now, as the disk is far or busy, may be read the next time.
        if let news = try? run.news() { tell(news) }
      }
    }.start()
  }

  /// Ends the thread; returns at once.
  func stop() { end.signal() }
}
