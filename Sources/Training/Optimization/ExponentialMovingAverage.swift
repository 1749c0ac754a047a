public import Tensors

/// A moving average of weights and running statistics, which is often more accurate than either is at any
/// one step (Polyak and Juditsky 1992).
///
/// After t updates the next one keeps the share min(decay, (1 + t) / (10 + t)) of the average, so that a
/// short training does not remember its initial weights.
public struct ExponentialMovingAverage: Sendable, Equatable, Codable {
  /// The share of the average that an update keeps in the end, above 0 and below 1.
  public let decay: Float
  /// The updates made so far.
  public private(set) var updateCount = 0
  /// The averaged parameters.
  public private(set) var parameters: Parameters
  /// The averaged running statistics by name.
  public private(set) var statistics: [String: Tensor<Float>]

  /// Starts an average at the given values.
  public init(
    decay: Float, parameters: Parameters, statistics: [String: Tensor<Float>] = [:]
  ) {
    precondition(decay > 0 && decay < 1, "a decay of \(decay)")
    self.decay = decay
    self.parameters = parameters
    self.statistics = statistics
  }

  /// Moves the average towards the values, whose names and shapes are those it was started at.
  public mutating func update(
    _ parameters: Parameters, statistics: [String: Tensor<Float>] = [:]
  ) {
    precondition(statistics.count == self.statistics.count, "statistics of two models")
    let t = Float(updateCount)
    let fraction = 1 - min(decay, (1 + t) / (10 + t))
    updateCount += 1
    self.parameters.move(towards: parameters, by: fraction)
    for (name, value) in statistics {
      self.statistics[name]?.move(towards: value, by: fraction)
    }
  }
}
