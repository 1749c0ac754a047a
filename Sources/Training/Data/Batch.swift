public import Tensors

/// Images that one step learns from.
public struct Batch: Sendable, Equatable {
  /// The images, `[N, H, W, C]`, or `[N]` with the shape that the graph reads if that is no feature map.
  public let images: Tensor<Float>
  /// The targets of the network, `[N, classes]`; every row sums to 1.
  public let targets: Tensor<Float>
  /// The class of each image; of two that were mixed, that of the first.
  public let labels: [Int32]

  /// The number of images.
  public var count: Int { labels.count }

  /// Creates a batch.
  public init(images: Tensor<Float>, targets: Tensor<Float>, labels: [Int32]) {
    self.images = images
    self.targets = targets
    self.labels = labels
  }
}
