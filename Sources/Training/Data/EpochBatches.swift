public import Formats

/// The batches of one epoch. Each is made when it is asked for, and always the same.
public struct EpochBatches: Sendable {
  private let loader: BatchLoader
  private let epoch: Int
  private let order: [Int]

  init(_ loader: BatchLoader, epoch: Int) {
    self.loader = loader
    self.epoch = epoch
    order = loader.order(ofEpoch: epoch)
  }

  /// The number of batches.
  public var count: Int { loader.batchesPerEpoch }

  /// Makes a batch. Complexity: O(the values in it).
  /// - Throws: `FormatError` if a photograph cannot be decoded.
  public func batch(_ index: Int) throws(FormatError) -> Batch {
    precondition(0 <= index && index < count, "there is no batch \(index)")
    let images = order.dropFirst(index * loader.batchSize).prefix(loader.batchSize)
    return try loader.batch(index, ofEpoch: epoch, from: images)
  }

  /// The batches from `start` on, each made on another thread while the caller works on the one before it.
  public func prefetched(from start: Int = 0) -> PrefetchedBatches {
    PrefetchedBatches(self, from: start)
  }
}
