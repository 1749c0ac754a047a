public import ModelGraph

/// Images with their labels.
public struct Dataset: Hashable, Sendable {
  /// Bytes [N, C, H, W], or [N, F] for a model that reads vectors.
  public let images: [UInt8]
  /// The class of each image.
  public let labels: [Int32]
  /// The shape of one image.
  public let shape: Shape

  /// The number of images.
  public var count: Int { labels.count }

  /// A data set of images of the given shape. `images` must hold one for each label.
  public init(images: [UInt8], labels: [Int32], shape: Shape) {
    precondition(images.count == labels.count * shape.count, "images do not match labels")
    self.images = images
    self.labels = labels
    self.shape = shape
  }

  /// The bytes of image `index`, [C, H, W].
  public func image(_ index: Int) -> ArraySlice<UInt8> {
    images[index * shape.count..<(index + 1) * shape.count]
  }

  /// The first `length` images, or all if there are fewer.
  public func prefix(_ length: Int) -> Dataset {
    let length = min(length, count)
    return Dataset(
      images: Array(images.prefix(length * shape.count)), labels: Array(labels.prefix(length)),
      shape: shape)
  }

  /// The images at `indices`, in that order.
  public func subset(_ indices: some Collection<Int>) -> Dataset {
    var chosen: [UInt8] = []
    chosen.reserveCapacity(indices.count * shape.count)
    for index in indices { chosen += image(index) }
    return Dataset(images: chosen, labels: indices.map { labels[$0] }, shape: shape)
  }
}

extension Dataset {
  /// Reads images and labels for a model with the given graph.
  ///
  /// The images are IDX arrays N x H x W or N x C x H x W; for a model that reads vectors, any with
  /// the right number of bytes an image.
  /// - Throws: `FormatError`, which names the file that is damaged, empty or does not fit the graph.
  public static func read(_ source: DataSource, for graph: Graph) throws(FormatError) -> Dataset {
    let labels = try IDXFile.read(at: source.labels)
    let images = try IDXFile.read(at: source.images)
    return try Dataset(images: images, labels: labels, of: source, for: graph)
  }

  /// Checks two arrays against each other and against `graph`.
  package init(
    images: IDXFile, labels: IDXFile, of source: DataSource, for graph: Graph
  ) throws(FormatError) {
    guard labels.dimensions.count == 1 else {
      throw FormatError(
        source.labels, "has \(labels.dimensions.count) dimensions, labels have one",
        remedy: "check that images and labels are not swapped")
    }
    guard let count = images.dimensions.first, count > 0 else {
      throw FormatError(source.images, "holds no images", remedy: "name a file with images")
    }
    guard labels.dimensions == [count] else {
      throw FormatError(
        source.labels,
        "holds \(labels.values.count) labels for the \(count) images of \(source.images)",
        remedy: "use the labels that belong to the images")
    }
    let expected = graph.inputShape
    let found = Self.shape(of: images.dimensions.dropFirst(), expected: expected)
    guard found == expected else {
      throw FormatError(
        source.images, "holds images of \(found), the model reads \(expected)",
        remedy: "use the data that the model was trained for")
    }
    let classes = graph.nodes[graph.output].shape.count
    if let index = labels.values.firstIndex(where: { $0 >= classes }) {
      throw FormatError(
        source.labels,
        "label \(labels.values[index]) of image \(index) is none of the model's \(classes) classes",
        remedy: "use the data that the model was trained for")
    }
    self.init(images: images.values, labels: labels.values.map(Int32.init), shape: expected)
  }

  /// What images with the given extents are to a model that expects `expected`.
  private static func shape(of extents: ArraySlice<Int>, expected: Shape) -> Shape {
    if extents.count == 2, expected.isFeatureMap { return Shape([1] + extents) }
    let flat = Shape([Shape(Array(extents)).count])
    return flat == expected ? flat : Shape(Array(extents))
  }
}
