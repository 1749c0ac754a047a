package import Ranks

/// How ranks share a training: a batch is cut in so many shards, however many ranks there are, so that the result
/// depends on the shards alone.
package struct Shards: Sendable {
  /// Shards of a batch; as many ranks at most have work.
  package let count: Int
  let ranks: Ranks

  /// Shards of each batch, for some ranks.
  package init(_ count: Int, on ranks: Ranks) {
    self.count = count
    self.ranks = ranks
  }

  /// The images of each shard of a batch; none of them is empty.
  func parts(of images: Int) -> [Range<Int>] {
    let count = min(count, images)
    return (0..<count).map { images * $0 / count..<images * ($0 + 1) / count }
  }

  /// The sum of a count over all images, of which `count` counts those of this rank.
  func total(of images: Int, _ count: (Range<Int>) -> Int?) -> Int? {
    let (rank, all) = (ranks.rank, ranks.count)
    guard let own = count(images * rank / all..<images * (rank + 1) / all) else { return nil }
    return ranks.sum([[Float(own)]], length: 1, of: all).first.map { Int($0) }
  }
}
