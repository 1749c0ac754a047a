package import ModelGraph
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

  /// The fewest shards of which one fits in `bytes` with what is held of a network's activations until their gradients
  /// are known.
  package static func fewest(ofBatch images: Int, of graph: Graph, within bytes: Int) -> Int {
    let values = graph.nodes.reduce(0) { $0 + $1.shape.count }
    let perImage = max(1, values * copiesOfActivation * MemoryLayout<Float>.stride)
    let perShard = max(1, bytes / perImage)
    return (images + perShard - 1) / perShard
  }

  /// What a node yields, what its gradient is computed from, and the gradient.
  private static let copiesOfActivation = 2

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
