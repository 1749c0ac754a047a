internal import Synchronization

/// Memory for programs that take the same inputs, used by one thread after the other.
final class WorkspacePool: Sendable {
  private let capacity: Int
  private let free = Mutex<[Place]>([])

  private final class Place: Sendable {
    let workspace: Mutex<Workspace>

    init(_ program: Program) { workspace = Mutex(Workspace(program)) }
  }

  /// A pool that keeps so many workspaces that are not in use.
  init(capacity: Int) { self.capacity = capacity }

  /// Calls `body` with a workspace of `program`, in which anything may stand but in halos.
  func withWorkspace<Value: Sendable>(
    of program: Program, _ body: (borrowing Workspace) -> Value
  ) -> Value {
    let place = free.withLock { $0.popLast() } ?? Place(program)
    defer { free.withLock { if $0.count < capacity { $0.append(place) } } }
    return place.workspace.withLock { workspace in
      workspace.begin(program)
      return body(workspace)
    }
  }
}
