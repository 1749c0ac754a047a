internal import Foundation
internal import Synchronization

/// A thread that does one thing after the other and sleeps in between, until nobody holds it any more.
///
/// A queue of libdispatch would do, but that looks after its threads once a second for ever, and a program that
/// waits for a key is to be asleep.
package final class SerialThread: Sendable {
  private final class Jobs: Sendable {
    private let waiting = Mutex<[@Sendable () -> Void]>([])
    private let alarm = DispatchSemaphore(value: 0)
    let areLeft = Atomic(false)

    func add(_ job: @escaping @Sendable () -> Void) {
      waiting.withLock { $0.append(job) }
      alarm.signal()
    }

    func next() -> @Sendable () -> Void {
      alarm.wait()
      return waiting.withLock { $0.removeFirst() }
    }
  }

  private let jobs = Jobs()

  /// Starts the thread.
  package init() {
    Thread { [jobs] in
      while true {
        let job = jobs.next()
        if jobs.areLeft.load(ordering: .acquiring) { return }
        job()
      }
    }.start()
  }

  deinit {
    jobs.areLeft.store(true, ordering: .releasing)
    jobs.add {}
  }

  /// Does something after all that was asked for before; returns at once.
  package func async(_ job: @escaping @Sendable () -> Void) { jobs.add(job) }

  /// Waits until all that was asked for is done.
  package func wait() {
    let done = DispatchSemaphore(value: 0)
    jobs.add { done.signal() }
    done.wait()
  }
}
