internal import Foundation

extension Ranks {
  /// The shards, of so many, that this rank works on.
  package func own(of shards: Int) -> [Int] { Self.own(of: shards, rank: rank, count: count) }

  private static func own(of shards: Int, rank: Int, count: Int) -> [Int] {
    Array(stride(from: rank, to: shards, by: count))
  }

  /// The sum of the vectors of all shards, added in the order of the shards: the same for any number of ranks. Called
  /// on all of them at a time.
  ///
  /// Each rank adds up its slice of the vectors, and they exchange these: about two vectors are sent from each rank
  /// and come to it, however many there are, if each has a shard.
  ///
  /// - Parameters:
  ///   - vectors: those of this rank's shards, see `own(of:)`; of the same length.
  ///   - shards: all of them.
  package func sum(_ vectors: [[Float]], length: Int, of shards: Int) -> [Float] {
    func slice(_ rank: Int) -> Range<Int> { length * rank / count..<length * (rank + 1) / count }
    let parts = exchanged { other in vectors.flatMap { $0[slice(other)] } }
    let own = slice(rank)
    var sum = [Float](repeating: 0, count: own.count)
    for shard in 0..<shards {
      let start = shard / count * own.count
      for (place, value) in parts[shard % count][start..<start + own.count].enumerated() {
        sum[place] += value
      }
    }
    return exchanged { _ in sum }.flatMap(\.self)
  }

  /// What each rank sends to this one, in their order.
  private func exchanged(_ values: (Int) -> [Float]) -> [[Float]] {
    var received = [[Float]](repeating: [], count: count)
    received[rank] = values(rank)
    for distance in 1..<max(count, 1) {
      let (next, last) = ((rank + distance) % count, (rank + count - distance) % count)
      received[last] = exchange(values(next), to: next, from: last)
    }
    return received
  }
}
