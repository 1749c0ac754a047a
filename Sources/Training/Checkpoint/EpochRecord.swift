/// The record of one epoch.
public struct EpochRecord: Sendable, Hashable, Codable {
  /// The epoch, from 1.
  public var epoch: Int
  /// The learning rate of its last step.
  public var learningRate: Float
  /// The mean loss over its batches.
  public var trainLoss: Double
  /// The share of its images that were recognised, 0 to 1.
  public var trainAccuracy: Double
  /// The share of the validation split that was recognised after it, 0 to 1.
  public var validationAccuracy: Double
  /// How long it took.
  public var seconds: Double

  /// Creates a record.
  public init(
    epoch: Int, learningRate: Float, trainLoss: Double, trainAccuracy: Double,
    validationAccuracy: Double, seconds: Double
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.validationAccuracy = validationAccuracy
    self.seconds = seconds
  }
}
