internal import Synchronization
internal import Threads

/// The batches of one epoch, made one ahead of the caller on another thread.
///
/// A caller may stop at any time: the batch that is being made is then thrown away.
public struct PrefetchedBatches: Sequence, Sendable {
  private let batches: EpochBatches
  private let start: Int

  init(_ batches: EpochBatches, from start: Int) {
    self.batches = batches
    self.start = start
  }

  /// Begins to make the first batch.
  public func makeIterator() -> Iterator { Iterator(batches, from: start) }

  /// Hands out one batch while the next is being made.
  public struct Iterator: IteratorProtocol {
    private let batches: EpochBatches
    private let thread = SerialThread()
    private var pending: Pending?
    private var index: Int

    fileprivate init(_ batches: EpochBatches, from start: Int) {
      self.batches = batches
      index = start
      makeNext()
    }

    /// The next batch, waited for if it is not ready.
    public mutating func next() -> Batch? {
      guard let pending else { return nil }
      thread.wait()
      let batch = pending.batch
      makeNext()
      return batch
    }

    private mutating func makeNext() {
      guard index < batches.endIndex else {
        pending = nil
        return
      }
      let pending = Pending()
      thread.async { [batches, index] in pending.batch = batches[index] }
      self.pending = pending
      index += 1
    }
  }

  /// A batch to be.
  private final class Pending: Sendable {
    private let content = Mutex<Batch?>(nil)

    var batch: Batch? {
      get { content.withLock { $0 } }
      set { content.withLock { $0 = newValue } }
    }
  }
}
