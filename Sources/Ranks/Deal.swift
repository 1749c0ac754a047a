internal import Foundation
internal import Metrics
internal import Synchronization

/// Pieces of work on their way to the ranks and back.
final class Deal: Sendable {
  private struct State {
    var begun: Set<Int> = []
    var next = 0
    var isStopped = false
    var replies: [Int: (rank: Int, reply: Reply)] = [:]
    var traffic = Traffic()
  }

  private let messages: [Data]
  private let state = Mutex(State())

  /// Pieces of which none is begun.
  init(_ messages: [Data]) { self.messages = messages }

  /// What it came to.
  var traffic: Traffic { state.withLock { $0.traffic } }

  /// Takes a piece for a rank, unless none is left to be begun: first the one of the rank's number, so that shares of the
  /// same images come to the same ranks, which keep activations of them; then the next one.
  func take(for rank: Int) -> Int? {
    state.withLock { state in
      while state.begun.contains(state.next) { state.next += 1 }
      let hasOwn = rank < messages.count && !state.begun.contains(rank)
      let piece = hasOwn ? rank : state.next
      guard !state.isStopped, piece < messages.count else { return nil }
      state.begun.insert(piece)
      return piece
    }
  }

  /// Begins no more pieces.
  func stop() { state.withLock { $0.isStopped = true } }

  /// A piece was done here in so many seconds.
  func finish(after seconds: Double) {
    state.withLock { state in
      state.traffic.pieces += 1
      state.traffic.own += 1
      state.traffic.work += seconds
    }
  }

  /// What came back for a piece that another rank did; nil if nothing did yet.
  ///
  /// - Throws: what went wrong there.
  func reply(to piece: Int) throws(RanksError) -> Data? {
    guard let (rank, reply) = state.withLock({ $0.replies[piece] }) else { return nil }
    return try reply.get(from: rank)
  }

  /// Sends each of the other ranks one piece after the other, until none is left and all have answered.
  func serve(_ communicator: any Communicator) {
    var pieces: [Int: Int] = [:]
    func send(to rank: Int) {
      pieces[rank] = take(for: rank)
      guard let piece = pieces[rank] else { return }
      communicator.send(messages[piece], to: rank)
      state.withLock { $0.traffic.sent += messages[piece].count }
    }
    for rank in 1..<communicator.count { send(to: rank) }
    while !pieces.isEmpty {
      let (rank, bytes) = communicator.receive(from: nil)
      guard let piece = pieces[rank] else { continue }
      let reply = Reply(bytes)
      if reply.isFailure { stop() }
      state.withLock { state in
        state.traffic.pieces += 1
        state.replies[piece] = (rank, reply)
        state.traffic.received += bytes.count
        state.traffic.work += reply.seconds
      }
      send(to: rank)
    }
  }
}
