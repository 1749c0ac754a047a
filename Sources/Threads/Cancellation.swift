internal import Synchronization

/// Asks work under way to stop; may be asked from any thread.
public final class Cancellation: Sendable {
  private let requested = Atomic(false)

  /// Not yet requested.
  public init() {}

  /// Whether somebody asked.
  public var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Asks.
  public func request() { requested.store(true, ordering: .relaxed) }
}
