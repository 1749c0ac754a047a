public import Engine
public import Formats
public import ModelGraph
internal import Patterns
public import Training

/// How a pruned model is trained on.
public struct FineTuning: Sendable, Hashable {
  /// Passes over the training images.
  public var epochs: Int
  /// The share of the dense model's outputs in the loss, 0 to 1.
  public var distillation: Float
  /// The learning rate; nil takes a tenth of the recipe's.
  public var learningRate: Float?

  /// Three epochs, half of the loss from the dense model.
  public init(epochs: Int = 3, distillation: Float = 0.5, learningRate: Float? = nil) {
    self.epochs = epochs
    self.distillation = distillation
    self.learningRate = learningRate
  }

  /// The recipe of the dense model as fine-tuning follows it: few epochs, small steps that fade out.
  ///
  /// - Parameter subject: what is trained on, so that its checkpoints are told from others.
  public func recipe(from dense: Recipe, subject: String) -> Recipe {
    var recipe = dense
    recipe.model = subject
    recipe.epochs = epochs
    recipe.learningRate = learningRate ?? dense.learningRate / 10
    recipe.schedule = .cosine(warmupEpochs: 0.1)
    recipe.averageDecay = nil
    return recipe
  }

  /// A training of `pruned` before its first epoch. Masked weights stay zero, and the dense model teaches.
  ///
  /// - Parameter recipe: what `recipe(from:subject:)` made.
  /// - Throws: `TrainingError` if the model cannot be trained.
  public func trainer(
    _ recipe: Recipe, pruned: PrunedModel, dense: Model, train: TrainingSet, validation: Dataset,
    threads: Int = Evaluator.defaultThreads
  ) throws(TrainingError) -> Trainer {
    let network = try TrainableNetwork(pruned.model)
    return Trainer(
      recipe, network: network, train: train, validation: validation,
      loss: Loss(distillation: distillation),
      teacher: distillation > 0 ? try TrainableNetwork(dense) : nil,
      masks: try network.masks(of: pruned.keptWeights), threads: threads)
  }
}
