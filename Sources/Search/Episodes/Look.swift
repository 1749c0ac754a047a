internal import Metrics
internal import Patterns

/// What some images say of a strategy.
struct Look: Hashable, Sendable {
  /// The divergence of each image's classes from the dense model's, in nats.
  var divergences: [Double]
  /// Images classified as labelled.
  var correct: Int

  /// Several looks at different images as one.
  init(_ parts: some Sequence<Look>) {
    self.init(divergences: [], correct: 0)
    for part in parts {
      divergences += part.divergences
      correct += part.correct
    }
  }

  init(divergences: [Double], correct: Int) {
    self.divergences = divergences
    self.correct = correct
  }

  /// The mean of the divergences.
  var divergence: Double { divergences.reduce(0, +) / Double(max(divergences.count, 1)) }

  /// The measurement of a strategy of that cost.
  func measurement(cost: Cost) -> Measurement {
    Measurement(
      cost: cost, accuracy: Accuracy(correct: correct, images: divergences.count),
      divergence: divergence)
  }
}
