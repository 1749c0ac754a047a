package import Patterns
package import Search
package import Training

/// A fine-tuning under way, as the screen knows it.
package struct FineTuneProgress: Hashable, Sendable {
  /// The strategy that is fine-tuned.
  package let strategy: Strategy
  /// Its name, as in `ep 3`.
  package let name: String
  /// How it began; nil while recipe and images are read.
  package var start: FineTuneSession.Start?
  /// How far the present epoch has got.
  package var batch: Trainer.Progress?
  /// The results of the epochs, earlier ones included.
  package var records: [EpochRecord] = []
  /// Whether a search was paused for it.
  package var hasPausedSearch = false
  /// Whether it was asked to stop.
  package var isCancelling = false

  /// One that has just been asked for.
  init(_ strategy: Strategy, name: String) {
    self.strategy = strategy
    self.name = name
  }

  /// The epochs in all.
  var epochs: Int { start?.epochs ?? 0 }

  /// The present epoch, from 1.
  var epoch: Int { min(records.count + 1, max(epochs, 1)) }

  /// The share of all batches that are done, 0 to 1.
  var fraction: Double {
    guard epochs > 0 else { return 0 }
    let inEpoch = batch.map { Double($0.batch) / Double(max($0.batches, 1)) } ?? 0
    return min(1, (Double(records.count) + inEpoch) / Double(epochs))
  }

  /// The best validation accuracy of an epoch.
  var best: Double? { records.map(\.validationAccuracy).max() }
}
