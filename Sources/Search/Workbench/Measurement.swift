internal import Foundation
public import Metrics
public import Patterns

/// The cost of a strategy and the accuracy that it keeps.
public struct Measurement: Hashable, Sendable, Codable {
  /// MACs and parameters, exact.
  public var cost: Cost
  /// On the images that were looked at.
  public var accuracy: Accuracy
  /// How far the probabilities of the classes are from the dense model's on these images: the mean
  /// Kullback-Leibler divergence, in nats. Nil if they were not compared.
  public var divergence: Double?
  /// The divergence to believe in, of a strategy that was made from another one: that one's, less what was gained, of
  /// which the logits say more than the divergences of few images. See `Trial`.
  public var believedDivergence: Double?

  /// A measurement.
  public init(cost: Cost, accuracy: Accuracy, divergence: Double? = nil) {
    self.cost = cost
    self.accuracy = accuracy
    self.divergence = divergence
  }

  /// How good that is, 0 to 1: e to the minus the divergence to believe in, which tells strategies apart that classify
  /// equally many of a few images; the accuracy where outputs were not compared.
  public var score: Double {
    (believedDivergence ?? divergence).map { exp(-$0) } ?? accuracy.fraction
  }
}
