internal import Formats
internal import Tensors

/// Makes the batches of a training.
///
///     let loader = BatchLoader(trainingSet, batchSize: 128, seed: 1, classCount: 10)
///     var batches = loader.epoch(0).prefetched()
///     while let batch = try batches.next() { … }
///
/// The batches of an epoch depend on the seed and its number alone, so that a training which is resumed
/// sees what it would have seen.
public struct BatchLoader: Sendable {
  /// The images and their labels.
  public let trainingSet: TrainingSet
  /// How images are changed.
  public let augmentation: Augmentation
  /// The images in a batch.
  public let batchSize: Int
  /// The seed of order and changes.
  public let seed: UInt64
  /// The share of each target that is spread over all classes.
  public let labelSmoothing: Float
  /// The number of classes.
  public let classCount: Int
  private let threads: Int

  /// A loader of a set whose labels are all below `classCount`.
  ///
  /// - Parameter threads: that decode photographs.
  public init(
    _ trainingSet: TrainingSet, augmentation: Augmentation = Augmentation(), batchSize: Int,
    seed: UInt64, labelSmoothing: Float = 0, classCount: Int, threads: Int = 1
  ) {
    precondition(batchSize > 0, "a batch of \(batchSize) images")
    precondition(
      trainingSet.labels.allSatisfy { 0 <= $0 && $0 < classCount },
      "a label is none of \(classCount)")
    self.trainingSet = trainingSet
    self.augmentation = augmentation
    self.batchSize = batchSize
    self.seed = seed
    self.labelSmoothing = labelSmoothing
    self.classCount = classCount
    self.threads = threads
  }

  /// The batches in an epoch: only full ones, or a single one if the set does not fill it.
  public var batchesPerEpoch: Int {
    trainingSet.count < batchSize ? min(1, trainingSet.count) : trainingSet.count / batchSize
  }

  /// The batches of an epoch, in an order of its own.
  public func epoch(_ epoch: Int) -> EpochBatches {
    EpochBatches(self, epoch: epoch)
  }

  /// The order of the images in an epoch.
  func order(ofEpoch epoch: Int) -> [Int] {
    var generator = SeededGenerator(seed: seed, path: [epoch, 0])
    return generator.permutation(of: trainingSet.count)
  }

  /// Makes batch `index` of an epoch from the images at `indices`.
  /// - Throws: `FormatError` if a photograph cannot be decoded.
  func batch(
    _ index: Int, ofEpoch epoch: Int, from indices: ArraySlice<Int>
  ) throws(FormatError) -> Batch {
    var generator = SeededGenerator(seed: seed, path: [epoch, index + 1])
    let labels = indices.map { trainingSet.labels[$0] }
    let set = trainingSet
    var images: [Float]
    if case .photographs(let folder, let table) = set.pixels {
      // Generators of their own: which is decoded first is open.
      images = try set.values(of: folder, worth: table, at: Array(indices), threads: threads) {
        var generator = SeededGenerator(seed: seed, path: [epoch, index + 1, $0])
        return augmentation.change(
          height: set.height, width: set.width, of: ($1, $2), using: &generator)
      }
    } else {
      images = set.values(at: indices) {
        set.isImage
          ? augmentation.change(height: set.height, width: set.width, using: &generator)
          : ImageChange()
      }
    }
    var targets = targets(of: labels)
    if let alpha = augmentation.mixup {
      let mixup = Mixup(alpha: alpha, count: labels.count, using: &generator)
      images = mixup.mix(images, length: set.imageSize)
      targets = mixup.mix(targets, length: classCount)
    }
    return Batch(
      images: Tensor(shape: [labels.count] + set.imageShape, scalars: images),
      targets: Tensor(shape: [labels.count, classCount], scalars: targets), labels: labels)
  }

  private func targets(of labels: [Int32]) -> [Float] {
    let rest = labelSmoothing / Float(classCount)
    var targets = [Float](repeating: rest, count: labels.count * classCount)
    for (row, label) in labels.enumerated() {
      targets[row * classCount + Int(label)] = 1 - labelSmoothing + rest
    }
    return targets
  }
}
