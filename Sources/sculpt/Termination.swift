internal import Foundation
internal import Threads

/// Signals that ask a search to come to an end: SIGTERM, and SIGUSR1, which mpirun passes on where it answers SIGTERM
/// itself.
enum Termination {
  private static let signals = [SIGTERM, SIGUSR1]
  private static let requested = Cancellation()

  /// What is asked for by these signals from now on, in place of ending the program.
  static func watched() -> Cancellation {
    // Made now: a handler may only store.
    let requested = requested
    for number in signals { signal(number) { _ in Termination.requested.request() } }
    return requested
  }

  /// Leaves them to another process, which ends this one.
  static func ignore() {
    for number in signals { signal(number, SIG_IGN) }
  }
}
