public import Engine
public import Formats
internal import Kernels
internal import Metrics
public import ModelGraph
internal import Tensors
public import Threads

/// A training under way.
///
/// The same recipe, network and data give the same weights on one machine, whatever the number of threads,
/// and whether or not the training was interrupted, between two epochs or within one.
public struct Trainer: Sendable {
  /// How it is trained.
  public let recipe: Recipe
  /// The network with its present weights.
  public private(set) var network: TrainableNetwork
  /// The record of each epoch.
  public private(set) var history: [EpochRecord] = []
  /// The best weights so far, judged on the validation split.
  public private(set) var best: Checkpoint.Best?

  /// The epoch of which some batches are done; nil between two epochs.
  private var underWay: Checkpoint.EpochUnderWay?
  private var optimizer: Optimizer
  private var average: ExponentialMovingAverage?
  private let batches: BatchLoader
  private let validation: Evaluator
  private let loss: Loss
  private let teacher: TrainableNetwork?
  private let masks: WeightMasks?
  /// Threads that train and measure.
  public let threads: Int
  /// How ranks share it; nil for one that has all batches to itself.
  package var shards: Shards?

  /// A training before its first epoch.
  ///
  /// - Parameters:
  ///   - network: with its initial weights.
  ///   - train: what it learns from.
  ///   - validation: what decides which epoch's weights are best.
  ///   - teacher: whose outputs the loss compares with, if it does.
  ///   - masks: which weights stay; all by default.
  public init(
    _ recipe: Recipe, network: TrainableNetwork, train: TrainingSet, validation: Dataset,
    loss: Loss = Loss(), teacher: TrainableNetwork? = nil, masks: WeightMasks? = nil,
    threads: Int = Evaluator.defaultThreads
  ) {
    self.recipe = recipe
    self.network = network
    self.loss = loss
    self.teacher = teacher
    self.masks = masks
    self.threads = threads
    optimizer = Optimizer(recipe)
    average = recipe.averageDecay.map {
      ExponentialMovingAverage(
        decay: $0, parameters: network.parameters, statistics: network.statistics)
    }
    let graph = network.model.graph
    batches = BatchLoader(
      train, augmentation: recipe.augmentation, batchSize: recipe.batch, seed: recipe.seed,
      labelSmoothing: recipe.labelSmoothing,
      classCount: graph.nodes[graph.output].shape.count, threads: threads)
    self.validation = Evaluator(validation, threads: threads)
  }

  /// Whether every epoch of the recipe is done.
  public var isDone: Bool { history.count >= recipe.epochs }

  /// How far an epoch has got.
  public struct Progress: Sendable, Hashable {
    /// The epoch, from 1.
    public var epoch: Int
    /// Its batches that are done.
    public var batch: Int
    /// All its batches.
    public var batches: Int
    /// The mean loss over the batches that are done.
    public var loss: Double
    /// The share of their images that were recognised, 0 to 1.
    public var accuracy: Double
    /// The time of all epochs that are left, if they go on like the present one.
    public var timeLeft: Duration

    /// So far into an epoch.
    public init(
      epoch: Int, batch: Int, batches: Int, loss: Double, accuracy: Double, timeLeft: Duration
    ) {
      self.epoch = epoch
      self.batch = batch
      self.batches = batches
      self.loss = loss
      self.accuracy = accuracy
      self.timeLeft = timeLeft
    }
  }

  /// How often an epoch is saved while it is under way.
  public static let savingInterval = Duration.seconds(300)

  /// Trains to the end of the epoch, which may be under way, and measures it on the validation split.
  ///
  /// - Parameters:
  ///   - interval: after which `save` is called, between two batches.
  ///   - save: is given what a later process needs to go on.
  /// - Returns: nil if `cancellation` was asked for; the batches that are done stay done.
  /// - Throws: `TrainingError` if the loss is no longer finite, `FormatError` if a photograph cannot be decoded, and what
  ///   `save` throws; the batches that are done stay done.
  public mutating func runEpoch(
    cancellation: Cancellation? = nil, progress: (Progress) -> Void = { _ in },
    saving interval: Duration = savingInterval, save: (Checkpoint) throws -> Void = { _ in }
  ) throws -> EpochRecord? {
    precondition(!isDone, "the training is done")
    guard let seen = try learn(cancellation, progress, interval, save) else { return nil }
    let start = ContinuousClock.now
    let judged =
      average.map { ($0.parameters, $0.statistics) } ?? (network.parameters, network.statistics)
    let program = try Program(network.model(with: judged.0, statistics: judged.1))
    guard let accuracy = accuracy(of: program, cancellation) else { return nil }
    let record = EpochRecord(
      epoch: history.count + 1, learningRate: learningRate(atStep: batches.batchesPerEpoch - 1),
      trainLoss: seen.meanLoss, trainAccuracy: seen.accuracy.fraction,
      validationAccuracy: accuracy.fraction,
      seconds: seen.seconds + (ContinuousClock.now - start).seconds)
    if accuracy.fraction >= best?.accuracy ?? -1 {
      best = Checkpoint.Best(
        accuracy: accuracy.fraction, epoch: record.epoch, parameters: judged.0,
        statistics: judged.1)
    }
    history.append(record)
    underWay = nil
    return record
  }

  private func accuracy(of program: Program, _ cancellation: Cancellation?) -> Accuracy? {
    guard let shards else { return validation.accuracy(of: program, cancellation: cancellation) }
    let images = validation.dataset.count
    return shards.total(of: images) { own in
      validation.accuracy(of: program, range: own, cancellation: cancellation)?.correct
    }.map { Accuracy(correct: $0, images: images) }
  }

  /// The model with the best weights so far; the initial ones before the first epoch.
  public var bestModel: Model {
    best.map { network.model(with: $0.parameters, statistics: $0.statistics) } ?? network.trained
  }

  /// Everything that a later process needs to go on.
  public var checkpoint: Checkpoint {
    Checkpoint(
      recipe: recipe, epochsDone: history.count, parameters: network.parameters,
      statistics: network.statistics, optimizer: optimizer, average: average, best: best,
      history: history, underWay: underWay)
  }

  /// Goes on from the checkpoint in a file.
  /// - Throws: `FormatError` if it is damaged, foreign, or belongs to another training.
  public mutating func resume(from path: String) throws(FormatError) {
    restore(
      try Checkpoint.read(
        at: path, of: recipe, fitting: network.parameters, statistics: network.statistics))
  }

  /// Goes back, or on, to where `checkpoint` was made.
  ///
  /// - Parameter checkpoint: read for this recipe and network.
  public mutating func restore(_ checkpoint: Checkpoint) {
    network.parameters = checkpoint.parameters
    network.statistics = checkpoint.statistics
    optimizer = checkpoint.optimizer
    average = checkpoint.average
    best = checkpoint.best
    history = checkpoint.history
    underWay = checkpoint.underWay
  }

  /// Whether some batches of an epoch are done.
  var isWithinEpoch: Bool { underWay != nil }

  /// The batches of the epoch that are not done.
  ///
  /// - Returns: what all of its batches came to; nil if `cancellation` was asked for.
  private mutating func learn(
    _ cancellation: Cancellation?, _ progress: (Progress) -> Void, _ interval: Duration,
    _ save: (Checkpoint) throws -> Void
  ) throws -> Checkpoint.EpochUnderWay? {
    let epoch = history.count
    let count = batches.batchesPerEpoch
    let earlier = underWay ?? Checkpoint.EpochUnderWay()
    var seen = earlier
    let start = ContinuousClock.now
    var saved = start
    var left = batches.epoch(epoch).prefetched(from: earlier.batches)
    while let batch = try left.next() {
      if cancellation?.isRequested == true { return nil }
      let place = seen.batches
      let lesson =
        shards.map {
          network.lesson(batch, teacher: teacher, loss: loss, threads: threads, in: $0)
        } ?? network.lesson(batch, teacher: teacher, loss: loss, threads: threads)
      guard lesson.loss.isFinite else {
        throw TrainingError(
          "the loss is no longer finite in epoch \(epoch + 1), batch \(place + 1); lower "
            + "learning_rate")
      }
      var gradients = lesson.gradients
      if let norm = recipe.clipNorm { _ = clipGlobalNorm(&gradients, to: norm) }
      network.statistics = lesson.statistics
      optimizer.update(
        &network.parameters, gradients: gradients, learningRate: learningRate(atStep: place),
        decays: network.decays)
      masks?.apply(to: &network.parameters)
      masks?.apply(to: &optimizer)
      average?.update(network.parameters, statistics: network.statistics)
      let now = ContinuousClock.now
      seen.batches += 1
      seen.loss += Double(lesson.loss)
      seen.accuracy.correct += lesson.correct
      seen.accuracy.images += batch.count
      seen.seconds = earlier.seconds + (now - start).seconds
      underWay = seen
      progress(
        Progress(
          epoch: epoch + 1, batch: seen.batches, batches: count, loss: seen.meanLoss,
          accuracy: seen.accuracy.fraction,
          timeLeft: (now - start) / (seen.batches - earlier.batches)
            * (count * (recipe.epochs - epoch) - seen.batches)))
      if now - saved >= interval, seen.batches < count {
        try save(checkpoint)
        saved = now
      }
    }
    return seen
  }

  /// The learning rate of a step of the present epoch.
  private func learningRate(atStep place: Int) -> Float {
    let perEpoch = batches.batchesPerEpoch
    return recipe.learningRate
      * recipe.schedule.factor(
        step: history.count * perEpoch + place, of: recipe.epochs * perEpoch,
        stepsPerEpoch: perEpoch)
  }
}
