package import Foundation
internal import Metrics
internal import Synchronization
internal import Threads

/// The processes that compute one thing together. Rank 0 leads: it deals pieces of work out, does some itself, and
/// has the results in the order of the pieces, whoever did them. The others follow: they do what they are sent.
///
/// A piece is done in the same way on every rank, so that results do not depend on how many there are.
package final class Ranks: Sendable {
  /// One process, as usual.
  package static let alone = Ranks(nil)

  /// The processes that this one was started with.
  ///
  /// - Throws: `RanksError` if they cannot hear of each other.
  package static func started() throws(RanksError) -> Ranks { try job.get() }

  /// MPI is joined once in a process, and only where something started it together with others.
  private static let job = Result { () throws(RanksError) -> Ranks in
    guard let launcher = Launcher(ProcessInfo.processInfo.environment) else { return alone }
    #if MPI
      let ranks = Ranks(MPICommunicator())
      guard ranks.count == launcher.count else {
        throw RanksError(
          "started \(launcher.count) times at once, but MPI knows of \(ranks.count): with Slurm, srun --mpi=pmix"
        )
      }
      return ranks
    #else
      guard launcher.count <= 1 else {
        throw RanksError(
          "started \(launcher.count) times at once, but built without MPI: swift build -c release --traits MPI"
        )
      }
      return alone
    #endif
  }

  /// Those that a communicator reaches; nil if there are no others.
  private let communicator: (any Communicator)?
  /// Left at the end, even if it reaches no others.
  private let joined: (any Communicator)?
  /// Speaks with the others while this thread works, too.
  private let speaker: SerialThread?
  private let isDealing = Atomic(false)
  private let counted = Mutex(Traffic())

  /// Those that a communicator reaches; one process without.
  package init(_ communicator: (any Communicator)?) {
    joined = communicator
    self.communicator = communicator.flatMap { $0.count > 1 ? $0 : nil }
    speaker = self.communicator.map { _ in SerialThread() }
  }

  /// The number of this process.
  package var rank: Int { communicator?.rank ?? 0 }
  /// The processes.
  package var count: Int { communicator?.count ?? 1 }
  /// Those that share this machine.
  package var neighbours: Int { communicator?.neighbours ?? 1 }
  /// Whether nothing started it together with others, not even with none.
  package var isAlone: Bool { joined == nil }
  /// Whether this one deals out.
  package var leads: Bool { rank == 0 }
  /// Ranks that a piece of work could be dealt out to now: in the midst of one there is this one alone.
  package var free: Int { isDealing.load(ordering: .relaxed) ? 1 : count }
  /// What was dealt out so far.
  package var traffic: Traffic { counted.withLock { $0 } }

  // MARK: Beginning and end

  /// Waits until every rank says that it is ready, and what it is like.
  ///
  /// - Parameter own: what this rank is like, or why it cannot work.
  /// - Returns: what each rank is like, in their order; nothing on those that follow.
  /// - Throws: why this one cannot work, or on the leader the first of the others.
  package func meet(_ own: Result<Data, any Error>) throws -> [Data] {
    guard let communicator else { return [try own.get()] }
    guard leads else {
      communicator.send(Reply(own, seconds: 0).bytes, to: 0)
      _ = try own.get()
      return []
    }
    let others = (1..<count).map { Reply(communicator.receive(from: $0).bytes) }
    return [try own.get()] + (try others.enumerated().map { try $1.get(from: $0 + 1) })
  }

  /// Ends every process, as one cannot go on for which others wait.
  package func abort(_ code: Int32) -> Never {
    guard let communicator else { exit(code) }
    communicator.abort(code)
  }

  /// Ends the job: followers return from `follow`.
  package func end() {
    if leads, let communicator { for rank in 1..<count { communicator.send(Data(), to: rank) } }
    joined?.leave()
  }

  /// Does what the leader sends until it ends the job. What goes wrong with a piece is the leader's to tell.
  package func follow(_ work: (Data) throws -> Data) {
    guard let communicator else { return }
    isDealing.store(true, ordering: .relaxed)
    while true {
      let (_, message) = communicator.receive(from: 0)
      if message.isEmpty { return }
      let start = ContinuousClock.now
      let result = Result { try work(message) }
      communicator.send(Reply(result, seconds: (ContinuousClock.now - start).seconds).bytes, to: 0)
    }
  }

  // MARK: Speaking all at a time

  /// Sends numbers to one rank while it receives as many as there are from another one.
  func exchange(_ values: [Float], to rank: Int, from other: Int) -> [Float] {
    guard let communicator else { return values }
    let sent = Data(of: values)
    let received = communicator.exchange(sent, to: rank, from: other)
    counted.withLock { counted in
      counted.sent += sent.count
      counted.received += received.count
    }
    return received.numbers()
  }

  // MARK: Dealing out

  /// Has pieces of work done, each by the rank that is free next; here, one after the other, where there are no
  /// others or this is in the midst of a piece itself.
  ///
  /// - Parameters:
  ///   - count: the pieces.
  ///   - message: a piece as it is sent, never empty.
  ///   - reading: the result that a reply to a message holds.
  ///   - own: does a piece here; nil if it was cancelled, after which no more are begun.
  ///   - tell: called with the results in the order of the pieces, as soon as this thread has time for it.
  /// - Returns: a result for each piece, in their order; nil if it was cancelled.
  /// - Throws: what went wrong with a piece; no more are begun then.
  package func results<Value>(
    of count: Int, message: (Int) throws -> Data, reading: (Data) throws -> Value,
    own: (Int) throws -> Value?, tell: (Value) throws -> Void = { _ in }
  ) throws -> [Value]? {
    let others = leads && free > 1 ? communicator : nil
    let deal = Deal(try (0..<count).map { others == nil ? Data() : try message($0) })
    let start = ContinuousClock.now
    if let others {
      isDealing.store(true, ordering: .relaxed)
      speaker?.async { deal.serve(others) }
    }
    var (values, early) = ([Value](), [Int: Value]())
    func collect() throws {
      while let value = try early.removeValue(forKey: values.count)
        ?? deal.reply(to: values.count).map(reading)
      {
        values.append(value)
        try tell(value)
      }
    }
    let isWhole = Result {
      while let piece = deal.take(for: rank) {
        let start = ContinuousClock.now
        guard let value = try own(piece) else { return false }
        early[piece] = value
        deal.finish(after: (ContinuousClock.now - start).seconds)
        try collect()
      }
      return true
    }
    if (try? isWhole.get()) != true { deal.stop() }
    if others != nil {
      speaker?.wait()
      isDealing.store(false, ordering: .relaxed)
    }
    counted.withLock { $0.add(deal.traffic, elapsed: (ContinuousClock.now - start).seconds) }
    guard try isWhole.get() else { return nil }
    try collect()
    return values
  }
}
