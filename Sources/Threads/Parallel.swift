internal import Synchronization

/// Calls `body` on up to `threads` threads at once, and returns when all calls have.
///
/// How many there are is open, one at least: each call takes pieces of the work until none is left.
package func onThreads(_ threads: Int, _ body: @Sendable () -> Void) {
  ThreadTeam.shared.run(threads: threads, body)
}

/// Calls `body` for each of `count` pieces of work, on up to `threads` threads.
///
/// Each thread calls `scratch` once for memory of its own. Which thread takes which piece is open: a result
/// must not depend on it.
package func parallel<Scratch>(
  _ count: Int, threads: Int, scratch: () -> Scratch,
  body: (_ piece: Int, _ scratch: inout Scratch) -> Void
) {
  // Pieces share memory through pointers; that none writes what another one touches is the caller's promise.
  nonisolated(unsafe) let (scratch, body) = (scratch, body)
  let next = Atomic(0)
  onThreads(min(threads, count)) {
    var memory = scratch()
    while true {
      let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if piece >= count { return }
      body(piece, &memory)
    }
  }
}

/// Calls `body` for each of `count` pieces of work, on up to `threads` threads.
package func parallel(_ count: Int, threads: Int, body: (_ piece: Int) -> Void) {
  parallel(count, threads: threads, scratch: {}) { piece, _ in body(piece) }
}

/// The results of `body` for each index below `count`, in order, on up to `threads` threads.
package func parallelMap<Value: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  let results = Mutex([Value?](repeating: nil, count: count))
  parallel(count, threads: threads) { index in
    let value = body(index)
    results.withLock { $0[index] = value }
  }
  return results.withLock { $0.compactMap { $0 } }
}
