/// The batches of one epoch. Each is made when it is asked for, and always the same.
public struct EpochBatches: RandomAccessCollection, Sendable {
  private let loader: BatchLoader
  private let epoch: Int
  private let order: [Int]

  init(_ loader: BatchLoader, epoch: Int) {
    self.loader = loader
    self.epoch = epoch
    order = loader.order(ofEpoch: epoch)
  }

  /// The place of the first batch.
  public var startIndex: Int { 0 }
  /// The number of batches.
  public var endIndex: Int { loader.batchesPerEpoch }

  /// Makes a batch. Complexity: O(the values in it).
  public subscript(index: Int) -> Batch {
    precondition(indices.contains(index), "there is no batch \(index)")
    let images = order.dropFirst(index * loader.batchSize).prefix(loader.batchSize)
    return loader.batch(index, ofEpoch: epoch, from: images)
  }

  /// The batches from `start` on, each made on another thread while the caller works on the one before it.
  public func prefetched(from start: Int = 0) -> PrefetchedBatches {
    PrefetchedBatches(self, from: start)
  }
}
