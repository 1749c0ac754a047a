import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Ranks

@Suite struct RanksTests {
  /// Squares each byte; what it is sent begins with it.
  private static func square(_ bytes: Data) throws -> Data {
    guard bytes[0] != 13 else { throw RanksError("thirteen") }
    return Data([bytes[0] &* bytes[0]])
  }

  private func squares(_ numbers: [UInt8], on ranks: Ranks, tell: (UInt8) -> Void = { _ in })
    throws -> [UInt8]?
  {
    try ranks.results(
      of: numbers.count, message: { Data([numbers[$0]]) }, reading: { $0[0] },
      own: { try Self.square(Data([numbers[$0]]))[0] }, tell: tell)
  }

  /// Whoever did them, results are in the order of the pieces, and are told in it.
  @Test(arguments: [1, 2, 3, 7]) func resultsAreInOrder(count: Int) throws {
    let numbers: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    try RankThreads.run(count, follow: { $0.follow(Self.square) }) { (ranks) throws in
      for _ in 0..<3 {
        var told: [UInt8] = []
        #expect(try squares(numbers, on: ranks) { told.append($0) } == numbers.map { $0 * $0 })
        #expect(told == numbers.map { $0 * $0 })
      }
      #expect(try squares([], on: ranks) == [])
      let traffic = ranks.traffic
      #expect(traffic.pieces == 33)
      #expect(traffic.sent == traffic.pieces - traffic.own)
      #expect(traffic.received == 10 * (traffic.pieces - traffic.own))
      #expect(ranks.free == count)
    }
  }

  /// Each rank begins with the piece of its number, and every piece is taken once.
  @Test func ranksBeginWithTheirOwnPiece() {
    let deal = Deal([Data](repeating: Data(), count: 5))
    #expect(deal.take(for: 3) == 3)
    #expect(deal.take(for: 1) == 1)
    #expect(deal.take(for: 1) == 0)
    #expect([0, 7, 3].map { deal.take(for: $0) } == [2, 4, nil])
  }

  /// What goes wrong with a piece is told, wherever it was done, and later ones are done all the same.
  @Test(arguments: [1, 2, 4]) func aFailureIsTold(count: Int) throws {
    try RankThreads.run(count, follow: { $0.follow(Self.square) }) { (ranks) throws in
      let error = #expect(throws: RanksError.self) { try squares([13, 13, 13, 13, 1], on: ranks) }
      #expect(error?.description.hasSuffix("thirteen") == true)
      #expect(try squares([2, 3], on: ranks) == [4, 9])
    }
  }

  /// A piece that deals out itself does so on its own rank: the others are at work.
  @Test func piecesWithinAPieceStayThere() throws {
    try RankThreads.run(3, follow: { $0.follow(Self.square) }) { (ranks) throws in
      let sums = try ranks.results(
        of: 4, message: { Data([UInt8($0)]) }, reading: { Int($0[0]) },
        own: { index in
          #expect(ranks.free == 1)
          return try squares([UInt8(index)], on: ranks).map { Int($0[0]) }
        })
      #expect(sums == [0, 1, 4, 9])
    }
  }

  /// After a cancellation there are no results, and nobody is left waiting.
  @Test(arguments: [1, 3]) func cancelledWorkHasNoResults(count: Int) throws {
    try RankThreads.run(count, follow: { $0.follow(Self.square) }) { (ranks) throws in
      let results: [Int]? = try ranks.results(
        of: 50, message: { Data([UInt8($0)]) }, reading: { Int($0[0]) }, own: { _ in nil })
      // With others at work they may have done everything before this rank began.
      #expect(results == nil || count > 1)
      #expect(try squares([2, 3], on: ranks) == [4, 9])
    }
  }

  /// The leader hears of a rank that cannot work, in one line with its number.
  @Test func aRankThatCannotWorkIsTold() throws {
    try RankThreads.run(
      3,
      follow: { ranks in
        let own = Result<Data, any Error> {
          if ranks.rank == 2 { throw RanksError("no images") }
          return Data([1])
        }
        _ = try? ranks.meet(own)
        ranks.follow { $0 }
      }
    ) { (ranks) throws in
      #expect(throws: RanksError("rank 2: no images")) { try ranks.meet(.success(Data([0]))) }
    }
  }

  /// Vectors of shards are summed in the order of the shards, whoever holds them.
  @Test(arguments: [1, 2, 3, 5]) func sumsHaveOneOrder(count: Int) throws {
    let shards = (0..<8).map { shard -> [Float] in
      let size: Float = shard % 2 == 0 ? 1e4 : 1
      return (0..<11).map { size / Float(3 + shard * 7 + $0) }
    }
    let expected = (0..<11).map { place in shards.reduce(Float(0)) { $0 + $1[place] } }
    let sums = Mutex<[[Float]]>([])
    @Sendable func sum(on ranks: Ranks) {
      let own = ranks.own(of: shards.count).map { shards[$0] }
      let sum = ranks.sum(own, length: 11, of: shards.count)
      sums.withLock { $0.append(sum) }
    }
    RankThreads.run(
      count,
      follow: { ranks in
        sum(on: ranks); ranks.follow { $0 }
      }
    ) { sum(on: $0) }
    #expect(sums.withLock { $0 } == [[Float]](repeating: expected, count: count))
  }

  @Test func launchersAreKnownByTheirEnvironment() {
    #expect(Launcher([:]) == nil)
    let open = Launcher(["OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "8"])
    #expect(open?.rank == 3 && open?.count == 8)
    #expect(Launcher(["PMI_RANK": "0", "PMI_SIZE": "2"])?.count == 2)
    #expect(Launcher(["SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "4"])?.rank == 1)
    // A batch script is no step.
    #expect(Launcher(["SLURM_PROCID": "0", "SLURM_NTASKS": "4"]) == nil)
  }
}
