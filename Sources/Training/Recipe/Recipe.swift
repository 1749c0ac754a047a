public import Formats

/// How a network is trained: on what, with which optimiser, for how long.
///
/// A file of it is what `sculpt train` reads; fine-tuning makes one in code. The same recipe gives the
/// same batches in the same order.
public struct Recipe: Sendable, Hashable {
  /// The `model.json` with the network's structure, as seen from `folder`; see `modelPath`.
  public var model: String
  /// The images that are trained on, the held-out ones at their end, as seen from `folder`; see
  /// `trainSource`.
  public var train: DataSource
  /// How many images at the end of `train`, or of photographs spread over it, are the validation split; they are never
  /// trained on.
  public var holdout: Int
  /// The folder that paths in the recipe start from.
  public var folder: String

  /// The seed of initial weights, order and augmentation.
  public var seed: UInt64
  /// The passes over the images.
  public var epochs: Int
  /// The images in a batch.
  public var batch: Int
  /// The optimizer.
  public var optimizer: OptimizerSettings
  /// The learning rate that the schedule's factor applies to.
  public var learningRate: Float
  /// The decay of weights, but not of biases and norms: coupled for SGD, decoupled for AdamW.
  public var weightDecay: Float
  /// How the learning rate changes.
  public var schedule: LearningRateSchedule
  /// The largest joint norm of all gradients; nil does not clip.
  public var clipNorm: Float?
  /// The share of each target that is spread over all classes (arXiv 1512.00567, section 7).
  public var labelSmoothing: Float
  /// The decay of the weights' exponential moving average; nil keeps none.
  public var averageDecay: Float?
  /// How images are changed before they are shown.
  public var augmentation: Augmentation

  /// Creates a recipe; paths start from `folder`.
  public init(
    model: String, train: DataSource, holdout: Int, folder: String = ".", seed: UInt64 = 1,
    epochs: Int = 30, batch: Int = 128, optimizer: OptimizerSettings = .sgd(),
    learningRate: Float = 0.1, weightDecay: Float = 5e-4,
    schedule: LearningRateSchedule = .cosine(), clipNorm: Float? = nil, labelSmoothing: Float = 0,
    averageDecay: Float? = nil, augmentation: Augmentation = Augmentation()
  ) {
    self.model = model
    self.train = train
    self.holdout = holdout
    self.folder = folder
    self.seed = seed
    self.epochs = epochs
    self.batch = batch
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.schedule = schedule
    self.clipNorm = clipNorm
    self.labelSmoothing = labelSmoothing
    self.averageDecay = averageDecay
    self.augmentation = augmentation
  }

  /// Where the network's structure is.
  public var modelPath: String { Path.resolve(model, against: folder) }

  /// Where the images are.
  public var trainSource: DataSource {
    train.mappingPaths { Path.resolve($0, against: folder) }
  }
}
