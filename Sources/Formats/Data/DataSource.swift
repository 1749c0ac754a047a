/// The parts that a model's images are divided into.
public enum Split: String, CaseIterable, Hashable, Sendable {
  /// What the model learns from.
  case train
  /// A fixed part of train: statistics and reconstruction come from it.
  case calibration
  /// A fixed part of train that was never trained on: the search sees it.
  case validation
  /// What only the final evaluation sees.
  case test
}

/// Where the images and labels of a split are.
public struct DataSource: Hashable, Sendable {
  /// The path of the images, an IDX file, plain or gzipped.
  public var images: String
  /// The path of the labels, an IDX file, plain or gzipped.
  public var labels: String

  /// A source of images with their labels.
  public init(images: String, labels: String) {
    self.images = images
    self.labels = labels
  }
}
