internal import Metrics
public import Threads
internal import Training

/// What a fine-tuning is going to take, from its first batches.
public struct FineTuneEstimate: Hashable, Sendable {
  /// Images that an epoch trains on.
  public var images: Int
  /// Seconds of an epoch, without its validation.
  public var secondsPerEpoch: Double
  /// The learning rate that is taken if none is asked for.
  public var learningRate: Float

  /// An estimate.
  public init(images: Int, secondsPerEpoch: Double, learningRate: Float) {
    self.images = images
    self.secondsPerEpoch = secondsPerEpoch
    self.learningRate = learningRate
  }
}

extension FineTuneSession {
  /// Batches that are timed, after one that is not.
  private static let timedBatches = 3

  /// Trains a few batches, of which nothing is kept.
  ///
  /// - Returns: nil if `cancellation` was asked for.
  /// - Throws: what is wrong with the images or the network, in one line.
  public func estimate(_ cancellation: Cancellation) throws -> FineTuneEstimate? {
    let made = try trainer(of: workbench.prune(strategy), cancellation)
    guard let made else { return nil }
    var trainer = made.trainer
    let enough = Cancellation()
    let clock = ContinuousClock()
    var (start, end) = (clock.now, clock.now)
    var (first, last, batches) = (0, 1, 1)
    _ = try trainer.runEpoch(cancellation: enough) { progress in
      end = clock.now
      (last, batches) = (progress.batch, progress.batches)
      if progress.batch == 1, progress.batches > 1 { (start, first) = (end, 1) }
      if progress.batch > Self.timedBatches || cancellation.isRequested { enough.request() }
    }
    if cancellation.isRequested { return nil }
    let batch = (end - start) / max(1, last - first)
    return FineTuneEstimate(
      images: made.images, secondsPerEpoch: batch.seconds * Double(batches),
      learningRate: recipe.learningRate)
  }
}
