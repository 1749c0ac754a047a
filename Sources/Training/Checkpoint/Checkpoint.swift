internal import Formats
public import Metrics
public import Tensors

/// A training between two batches: whoever goes on from it does what would have been done without the break.
public struct Checkpoint: Sendable, Equatable, Codable {
  /// The recipe's JSON, which says whose checkpoint this is.
  public let recipe: String
  /// The epochs that are done.
  public var epochsDone: Int
  /// The weights.
  public var parameters: Parameters
  /// Running means and variances by name.
  public var statistics: [String: Tensor<Float>]
  /// The optimiser with what it gathered.
  public var optimizer: Optimizer
  /// The average of the weights, if the recipe asks for one.
  public var average: ExponentialMovingAverage?
  /// The best weights so far.
  public var best: Best?
  /// The record of each epoch.
  public var history: [EpochRecord]
  /// The epoch of which some batches are done; nil between two epochs.
  public var underWay: EpochUnderWay?

  /// What is known of an epoch before its end.
  public struct EpochUnderWay: Sendable, Equatable, Codable {
    /// Its first batches, which are done.
    public var batches = 0
    /// The sum of their losses.
    public var loss = 0.0
    /// How many of their images were recognised.
    public var accuracy = Accuracy(correct: 0, images: 0)
    /// How long they took.
    public var seconds = 0.0

    /// An epoch before its first batch.
    public init() {}

    /// The mean of the losses; 0 before the first batch.
    public var meanLoss: Double { loss / Double(max(batches, 1)) }
  }

  /// Weights with what they reached.
  public struct Best: Sendable, Equatable, Codable {
    /// The share of the validation split that they recognise, 0 to 1.
    public var accuracy: Double
    /// The epoch that they are from, from 1.
    public var epoch: Int
    /// The weights.
    public var parameters: Parameters
    /// Running means and variances by name.
    public var statistics: [String: Tensor<Float>]

    /// Creates a record of weights.
    public init(
      accuracy: Double, epoch: Int, parameters: Parameters, statistics: [String: Tensor<Float>]
    ) {
      self.accuracy = accuracy
      self.epoch = epoch
      self.parameters = parameters
      self.statistics = statistics
    }
  }

  /// Creates a checkpoint of a training by `recipe`.
  public init(
    recipe: Recipe, epochsDone: Int = 0, parameters: Parameters,
    statistics: [String: Tensor<Float>] = [:], optimizer: Optimizer,
    average: ExponentialMovingAverage? = nil, best: Best? = nil, history: [EpochRecord] = [],
    underWay: EpochUnderWay? = nil
  ) {
    self.recipe = recipe.jsonValue.compact
    self.epochsDone = epochsDone
    self.parameters = parameters
    self.statistics = statistics
    self.optimizer = optimizer
    self.average = average
    self.best = best
    self.history = history
    self.underWay = underWay
  }
}
