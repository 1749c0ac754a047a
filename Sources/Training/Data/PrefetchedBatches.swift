public import Formats
internal import Synchronization
internal import Threads

/// The batches of one epoch, made one ahead of the caller on another thread.
///
/// A caller may stop at any time: the batch that is being made is then thrown away.
public struct PrefetchedBatches: Sendable {
  private let batches: EpochBatches
  private let thread = SerialThread()
  private var pending: Pending?
  private var index: Int

  /// Begins to make the first batch.
  init(_ batches: EpochBatches, from start: Int) {
    self.batches = batches
    index = start
    makeNext()
  }

  /// The next batch, waited for if it is not ready.
  /// - Throws: `FormatError` if a photograph in it cannot be decoded.
  public mutating func next() throws(FormatError) -> Batch? {
    guard let pending else { return nil }
    thread.wait()
    makeNext()
    return try pending.outcome.withLock { $0 }?.get()
  }

  private mutating func makeNext() {
    guard index < batches.count else {
      pending = nil
      return
    }
    let pending = Pending()
    thread.async { [batches, index] in
      let outcome = Result { () throws(FormatError) in try batches.batch(index) }
      pending.outcome.withLock { $0 = outcome }
    }
    self.pending = pending
    index += 1
  }

  /// A batch to be.
  private final class Pending: Sendable {
    let outcome = Mutex<Result<Batch, FormatError>?>(nil)
  }
}
