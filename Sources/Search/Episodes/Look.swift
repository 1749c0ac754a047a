internal import Metrics
internal import Patterns

/// What some images say of a strategy.
struct Look: Hashable, Sendable {
  /// The divergence of each image's classes from the dense model's, in nats.
  var divergences: [Double]
  /// The squared distance of each image's logits from the dense model's: see `LogitDistance.squares`.
  var errors: [Double]
  /// Images classified as labelled.
  var correct: Int

  /// Several looks at different images as one.
  init(_ parts: some Sequence<Look>) {
    self.init(divergences: [], errors: [], correct: 0)
    for part in parts {
      divergences += part.divergences
      errors += part.errors
      correct += part.correct
    }
  }

  /// What is known of some images, as many in both arrays.
  init(divergences: [Double], errors: [Double], correct: Int) {
    self.divergences = divergences
    self.errors = errors
    self.correct = correct
  }

  /// The mean of the divergences.
  var divergence: Double { divergences.mean }

  /// The mean of the squared distances.
  var error: Double { errors.mean }

  /// The measurement of a strategy of that cost.
  func measurement(cost: Cost) -> Measurement {
    Measurement(
      cost: cost, accuracy: Accuracy(correct: correct, images: divergences.count),
      divergence: divergence)
  }
}

extension [Double] {
  /// The mean; 0 of none.
  var mean: Double { reduce(0, +) / Double(Swift.max(count, 1)) }

  /// The variance of their mean, as they tell it themselves.
  var varianceOfMean: Double {
    let mean = mean
    let squares = reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return squares / Double(Swift.max(count - 1, 1)) / Double(Swift.max(count, 1))
  }
}
