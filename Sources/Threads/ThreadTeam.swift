internal import Foundation
internal import Synchronization

/// Threads that compute one thing together, and stay awake for a moment in case another one follows at once, as
/// the operators of a network do. Waking a thread takes a twentieth of a millisecond, which hundreds of operators
/// a batch would pay each time. A team that has nothing to do sleeps.
final class ThreadTeam: Sendable {
  /// One for all: there are as many processors whoever computes.
  static let shared = ThreadTeam(helpers: ProcessInfo.processInfo.activeProcessorCount - 1)

  /// How long a helper stays awake.
  private static let patience = Duration.microseconds(200)

  private final class Helper: Sendable {
    /// The number of the latest job that it takes part in.
    let job = Atomic(0)
    let isAsleep = Atomic(false)
    let alarm = DispatchSemaphore(value: 0)

    /// Waits for a job after `last`.
    func nextJob(after last: Int) -> Int {
      let end = ContinuousClock.now + ThreadTeam.patience
      repeat {
        for _ in 0..<200 {
          let job = job.load(ordering: .acquiring)
          if job != last { return job }
        }
      } while ContinuousClock.now < end
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      if job.load(ordering: .sequentiallyConsistent) == last
        || !isAsleep.exchange(false, ordering: .sequentiallyConsistent)
      {
        alarm.wait()
      }
      return job.load(ordering: .acquiring)
    }

    func begin(_ number: Int) {
      job.store(number, ordering: .sequentiallyConsistent)
      if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { alarm.signal() }
    }
  }

  private let helpers: [Helper]
  private let isBusy = Atomic(false)
  private let working = Atomic(0)
  /// Read by helpers between the beginning of a job and its end alone, when nobody writes it.
  nonisolated(unsafe) private var body: () -> Void = {}
  nonisolated(unsafe) private var jobs = 0

  private init(helpers count: Int) {
    helpers = (0..<max(0, count)).map { _ in Helper() }
    for helper in helpers {
      Thread { [unowned self] in
        var job = 0
        while true {
          job = helper.nextJob(after: job)
          body()
          working.wrappingSubtract(1, ordering: .acquiringAndReleasing)
        }
      }.start()
    }
  }

  /// Calls `body` on this thread and on up to `threads - 1` others, and returns when all calls have; on this
  /// thread alone while the team works for somebody else.
  func run(threads: Int, _ body: () -> Void) {
    guard threads > 1, !isBusy.exchange(true, ordering: .acquiring) else { return body() }
    defer { isBusy.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { body in
      let team = helpers.prefix(threads - 1)
      self.body = body
      jobs += 1
      working.store(team.count, ordering: .releasing)
      for helper in team { helper.begin(jobs) }
      body()
      var rounds = 0
      while working.load(ordering: .acquiring) > 0 {
        rounds += 1
        // On a busy machine the helper may be waiting for this very processor.
        if rounds > 2000 { sched_yield() }
      }
      self.body = {}
    }
  }
}
