import Foundation
package import Ranks
import Synchronization

/// Ranks that are threads of one process, where there is no MPI.
package enum RankThreads {
  /// Calls `lead` on rank 0 and `follow` on each of the others, and ends the job after it.
  @discardableResult
  package static func run<Result>(
    _ count: Int, follow: @escaping @Sendable (Ranks) -> Void, lead: (Ranks) throws -> Result
  ) rethrows -> Result {
    let boxes = (0..<count).map { _ in Inbox() }
    let all = (0..<count).map { Ranks(ThreadCommunicator(rank: $0, inboxes: boxes)) }
    let isDone = DispatchSemaphore(value: 0)
    for ranks in all.dropFirst() {
      Thread {
        follow(ranks)
        isDone.signal()
      }.start()
    }
    defer {
      all[0].end()
      for _ in all.dropFirst() { isDone.wait() }
    }
    return try lead(all[0])
  }
}

/// What was sent to one rank.
private final class Inbox: Sendable {
  private let messages = Mutex<[(rank: Int, bytes: Data)]>([])
  private let arrived = DispatchSemaphore(value: 0)

  func put(_ bytes: Data, from rank: Int) {
    messages.withLock { $0.append((rank, bytes)) }
    arrived.signal()
  }

  func take(from rank: Int?) -> (rank: Int, bytes: Data) {
    var others = 0
    defer { for _ in 0..<others { arrived.signal() } }
    while true {
      arrived.wait()
      let found = messages.withLock { messages in
        messages.firstIndex { rank == nil || $0.rank == rank }.map { messages.remove(at: $0) }
      }
      if let found { return found }
      others += 1
    }
  }
}

private struct ThreadCommunicator: Communicator {
  let rank: Int
  let inboxes: [Inbox]

  var count: Int { inboxes.count }
  var neighbours: Int { inboxes.count }

  func send(_ bytes: Data, to rank: Int) { inboxes[rank].put(bytes, from: self.rank) }

  func receive(from rank: Int?) -> (rank: Int, bytes: Data) { inboxes[self.rank].take(from: rank) }

  func exchange(_ bytes: Data, to rank: Int, from other: Int) -> Data {
    send(bytes, to: rank)
    return receive(from: other).bytes
  }

  func abort(_ code: Int32) -> Never { fatalError("a rank ended the job") }

  func leave() {}
}
