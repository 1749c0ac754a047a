internal import Engine
internal import Formats
public import Metrics
internal import ModelGraph
public import Patterns
package import Pruning
package import Ranks
package import Threads
public import Training

/// One strategy's fine-tuning, from the recipe to the files of the trained model. Whoever shows it is told what
/// happens.
public struct FineTuneSession: Sendable {
  /// The strategy that prunes the model.
  public let strategy: Strategy
  /// The model and the images that judge it.
  public let workbench: Workbench
  /// The recipe of the fine-tuning.
  public let recipe: Recipe
  /// Shards that each batch is cut in; see `Shards`.
  public let shards: Int
  private let tuning: FineTuning
  private let ranks: Ranks

  /// Where a training begins.
  public struct Start: Hashable, Sendable {
    /// The epochs in all.
    public var epochs: Int
    /// The accuracy on every validation image before the first.
    public var before: Accuracy
    /// Epochs done before an interruption.
    public var history: [EpochRecord]

    /// A training's beginning.
    public init(epochs: Int, before: Accuracy, history: [EpochRecord] = []) {
      self.epochs = epochs
      self.before = before
      self.history = history
    }
  }

  /// News for whoever shows the session.
  public enum Event: Hashable, Sendable {
    /// Recipe and images are read, and training begins.
    case started(Start)
    /// A batch or an epoch is done.
    case training(TrainingRun.Event)
  }

  /// Shards where ranks share a training, whatever their number.
  private static let sharedShards = 8

  /// A fine-tuning that has not begun.
  ///
  /// - Parameters:
  ///   - dense: the recipe of the dense model.
  ///   - subject: what is trained on; its checkpoints are told from others by it. The model's name if nil.
  ///   - shards: of each batch; if nil as few as there is memory for, eight where ranks share it.
  ///   - ranks: who shares it, each of which runs it.
  ///   - seed: of the order and changes of the images.
  package init(
    _ strategy: Strategy, on workbench: Workbench, by dense: Recipe, tuning: FineTuning,
    subject: String? = nil, shards: Int? = nil, ranks: Ranks = .alone, seed: UInt64
  ) {
    self.strategy = strategy
    self.workbench = workbench
    self.tuning = tuning
    self.ranks = ranks
    // Ranks may have different memory, but cut alike.
    let usual =
      ranks.isAlone
      ? Shards.fewest(
        ofBatch: dense.batch, of: workbench.model.graph,
        within: workbench.memory.trainedActivations) : Self.sharedShards
    let shards = shards ?? usual
    self.shards = shards
    let subject = subject ?? workbench.model.name
    var recipe = tuning.recipe(
      from: dense, subject: shards == 1 ? subject : "\(subject), in \(shards) shards")
    recipe.seed = seed
    self.recipe = recipe
  }

  /// The training of the pruned model before its first epoch, and the number of its images; nil if it was cancelled.
  func trainer(
    of pruned: PrunedModel, _ cancellation: Cancellation?
  ) throws -> (trainer: Trainer, images: Int)? {
    let set = try recipe.readTrainingSet(for: workbench.model)
    if cancellation?.isRequested == true { return nil }
    var trainer = try tuning.trainer(
      recipe, pruned: pruned, dense: workbench.model, train: set,
      validation: workbench.evaluator.dataset, threads: workbench.evaluator.threads)
    if shards > 1 { trainer.shards = Shards(shards, on: ranks) }
    return (trainer, set.count)
  }

  /// Trains to the last epoch and writes the model of the best one.
  ///
  /// - Parameters:
  ///   - files: where checkpoint and model go.
  ///   - resumes: whether it goes on from the checkpoint that is there.
  ///   - write: see `TrainingRun.run`.
  /// - Returns: nil if it was cancelled; what was finished before is found again.
  /// - Throws: what is wrong with the images, the network or the files, in one line.
  package func run(
    in files: TrainedFiles, resumes: Bool,
    cancellation: Cancellation? = nil,
    write: (() throws -> Void) throws -> Bool = {
      try $0()
      return true
    }, tell: (Event) -> Void
  ) throws -> FineTuned? {
    let pruned = try workbench.prune(strategy)
    guard let (trainer, _) = try trainer(of: pruned, cancellation) else { return nil }
    var run = try TrainingRun(trainer, checkpoint: files.checkpoint, resumes: resumes)
    guard let before = try workbench.measure(strategy, cancellation: cancellation)?.accuracy else {
      return nil
    }
    tell(
      .started(Start(epochs: recipe.epochs, before: before, history: run.trainer.history)))
    guard
      try run.run(cancellation: cancellation, write: write, tell: { tell(.training($0)) })
    else { return nil }
    let trained = try pruned.replacing(run.trainer.bestModel).lowered().model
    guard
      try write({
        try ModelFile.write(
          trained, to: files.model, data: workbench.file.data, replacing: true)
      })
    else { return nil }
    let correct = (run.trainer.best?.accuracy ?? 0) * Double(before.images)
    return FineTuned(
      strategy: strategy, cost: pruned.cost, before: before,
      after: Accuracy(correct: Int(correct.rounded()), images: before.images),
      epochs: run.trainer.history.count, folder: files.folder)
  }
}
