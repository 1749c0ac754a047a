public import Formats
public import ModelGraph

extension Recipe {
  /// Reads the images for a network and parts them: the last `holdout` of them are
  /// the validation split, all before are trained on.
  /// - Throws: `FormatError` if the data are damaged, do not fit the graph or are too few.
  public func readData(
    for model: Model
  ) throws(FormatError) -> (train: Dataset, validation: Dataset) {
    let dataset = try Dataset.read(trainSource, for: model)
    guard holdout < dataset.count else {
      throw FormatError(
        trainSource.paths.first ?? "the data",
        "holds \(dataset.count) images, of which the recipe holds out \(holdout)",
        remedy: "make 'holdout' smaller")
    }
    let count = dataset.count - holdout
    return (dataset.subset(0..<count), dataset.subset(count..<dataset.count))
  }

  /// The first of the images' files that is not there; nil if all are.
  public var missingPath: String? { trainSource.paths.first { !FileBytes.exists($0) } }
}
