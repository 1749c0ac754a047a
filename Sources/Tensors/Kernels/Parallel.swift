internal import Dispatch
internal import Synchronization

/// Calls `body` for each of `count` pieces of work, on up to `threads` threads.
///
/// Each thread calls `scratch` once for memory of its own. Which thread takes which piece is open: a result
/// must not depend on it.
func parallel<Scratch>(
  _ count: Int, threads: Int, scratch: () -> Scratch,
  body: (_ piece: Int, _ scratch: inout Scratch) -> Void
) {
  let workers = min(threads, count)
  guard workers > 1 else {
    var memory = scratch()
    for piece in 0..<count { body(piece, &memory) }
    return
  }
  // Pieces share memory through pointers; that none writes what another one touches is the caller's promise.
  nonisolated(unsafe) let (scratch, body) = (scratch, body)
  let next = Atomic(0)
  @Sendable func work() {
    var memory = scratch()
    while true {
      let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if piece >= count { return }
      body(piece, &memory)
    }
  }
  if !ThreadTeam.shared.run(threads: workers, work) {
    DispatchQueue.concurrentPerform(iterations: workers) { _ in work() }
  }
}

/// Calls `body` for each of `count` pieces of work, on up to `threads` threads.
func parallel(_ count: Int, threads: Int, body: (_ piece: Int) -> Void) {
  parallel(count, threads: threads, scratch: {}) { piece, _ in body(piece) }
}
