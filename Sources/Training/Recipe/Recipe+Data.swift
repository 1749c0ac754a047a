internal import Engine
public import Formats
public import ModelGraph

extension Recipe {
  /// Reads the images for a network and parts them: the last `holdout` of them, or of photographs, which are ordered by
  /// class, as many spread evenly, are the validation split; all others are trained on.
  /// - Throws: `FormatError` if the data are damaged, do not fit the graph or are too few.
  public func readData(
    for model: Model
  ) throws(FormatError) -> (train: TrainingSet, validation: Dataset) {
    if let folder = try ImageFolder(trainSource, for: model) {
      let (train, heldOut) = try parted(folder)
      return (
        TrainingSet(train, input: model.input),
        try heldOut.decoded(threads: Evaluator.defaultThreads)
      )
    }
    let dataset = try Dataset.read(trainSource, for: model)
    try check(dataset.count)
    let count = dataset.count - holdout
    return (
      TrainingSet(dataset.subset(0..<count), input: model.input),
      dataset.subset(count..<dataset.count)
    )
  }

  /// Reads the images that are trained on, without those that are held out.
  /// - Throws: as `readData(for:)` does.
  public func readTrainingSet(for model: Model) throws(FormatError) -> TrainingSet {
    if let folder = try ImageFolder(trainSource, for: model) {
      return TrainingSet(try parted(folder).train, input: model.input)
    }
    return try readData(for: model).train
  }

  private func parted(
    _ folder: ImageFolder
  ) throws(FormatError) -> (train: ImageFolder, heldOut: ImageFolder) {
    try check(folder.count)
    let heldOut = (0..<holdout).map { (2 * $0 + 1) * folder.count / (2 * holdout) }
    let isHeldOut = Set(heldOut)
    return (
      folder.subset((0..<folder.count).filter { !isHeldOut.contains($0) }), folder.subset(heldOut)
    )
  }

  private func check(_ count: Int) throws(FormatError) {
    guard holdout < count else {
      throw FormatError(
        trainSource.paths.first ?? "the data",
        "holds \(count) images, of which the recipe holds out \(holdout)",
        remedy: "make 'holdout' smaller")
    }
  }

  /// The first of the images' files that is not there; nil if all are.
  public var missingPath: String? { trainSource.paths.first { !FileBytes.exists($0) } }
}
