internal import Foundation
public import ModelGraph

/// Images with their labels.
public struct Dataset: Hashable, Sendable {
  /// The images, one after the other, each `[C, H, W]` or whatever shape the model reads.
  public let pixels: Pixels
  /// The class of each image.
  public let labels: [Int32]
  /// The shape of one image.
  public let shape: Shape
  /// A peculiarity of the images, in one line; nil without any.
  public private(set) var remark: String?

  /// Values of images.
  public enum Pixels: Hashable, Sendable {
    /// Bytes, which the model's input description scales and normalises.
    case bytes([UInt8])
    /// Numbers that the model takes as they are.
    case values([Float])

    /// How many there are.
    public var count: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .values(let values): values.count
      }
    }

    /// Those in `ranges`, one range after the other.
    func joined(_ ranges: some Sequence<Range<Int>>) -> Pixels {
      switch self {
      case .bytes(let bytes): .bytes(ranges.flatMap { bytes[$0] })
      case .values(let values): .values(ranges.flatMap { values[$0] })
      }
    }
  }

  /// The number of images.
  public var count: Int { labels.count }

  /// A data set of images of the given shape. `pixels` must hold one for each label.
  public init(pixels: Pixels, labels: [Int32], shape: Shape) {
    precondition(pixels.count == labels.count * shape.count, "images do not match labels")
    self.pixels = pixels
    self.labels = labels
    self.shape = shape
  }

  /// A data set of images of bytes.
  public init(images: [UInt8], labels: [Int32], shape: Shape) {
    self.init(pixels: .bytes(images), labels: labels, shape: shape)
  }

  /// The first `length` images, or all if there are fewer.
  public func prefix(_ length: Int) -> Dataset {
    subset(0..<min(length, count))
  }

  /// So many images, spread evenly over all: a folder has those of a class together.
  public func spread(_ length: Int) -> Dataset {
    length >= count ? self : subset((0..<length).map { $0 * count / length })
  }

  /// The images at `indices`, in that order.
  public func subset(_ indices: some Collection<Int>) -> Dataset {
    Dataset(
      pixels: pixels.joined(indices.lazy.map { $0 * shape.count..<($0 + 1) * shape.count }),
      labels: indices.map { labels[$0] }, shape: shape)
  }
}

/// Images and labels as a file holds them, before they are checked against a model.
struct LabelledImages {
  var pixels: Dataset.Pixels
  /// Whether values are integers, which are scaled as bytes are.
  var areIntegers = false
  /// The extents of the images, their number first.
  var dimensions: [Int]
  var labels: [Int]
  /// Where the images and the labels come from, for messages.
  var imageFile: String
  var labelFile: String
}

extension Dataset {
  /// The most values that are read into memory.
  static let maximumCount = 1 << 31

  /// The most bytes that the images of a folder may take: half of the memory.
  public static let mostBytes = max(
    maximumCount, Int(clamping: ProcessInfo.processInfo.physicalMemory / 2))

  /// Reads images and labels for a model.
  /// - Throws: `FormatError`, which names the file that is damaged, empty or does not fit the model.
  public static func read(_ source: DataSource, for model: Model) throws(FormatError) -> Dataset {
    try read(source, for: model.graph, input: model.input, classes: model.classes)
  }

  /// Reads images and labels for a model with the given graph.
  ///
  /// Images may lack the axis of channels if there is one channel, or have it last; for a model that reads
  /// vectors they may have any axes with the right number of values.
  /// - Parameters:
  ///   - input: how images become the graph's input.
  ///   - classes: what the model calls its classes; may be empty.
  /// - Throws: `FormatError`, which names the file that is damaged, empty or does not fit the graph.
  public static func read(
    _ source: DataSource, for graph: Graph, input: InputDescription = InputDescription(),
    classes: [String] = []
  ) throws(FormatError) -> Dataset {
    let data: LabelledImages
    switch source {
    case .idx(let images, let labels):
      let labelArray = try IDXFile.read(at: labels)
      return try Dataset(
        images: IDXFile.read(at: images), labels: labelArray, of: source, for: graph, input: input)
    case .cifar(let paths): data = try CIFARFile.read(paths, for: graph)
    case .arrays(let images, let labels):
      data = try NPYArray.pair(
        images: FileBytes.read(images, limit: 4 * maximumCount), imageFile: images,
        labels: FileBytes.read(labels, limit: maximumCount), labelFile: labels)
    case .archive(let path): data = try NPZFile.read(path)
    case .folder(let path, let fitting, let order):
      return try ImageFolder(path, fitting, order, for: graph, input, classes)
        .decoded(threads: ProcessInfo.processInfo.activeProcessorCount)
    }
    return try Dataset(data, for: graph, input: input)
  }

  /// Checks two IDX arrays against each other and against `graph`.
  package init(
    images: IDXFile, labels: IDXFile, of source: DataSource, for graph: Graph,
    input: InputDescription = InputDescription()
  ) throws(FormatError) {
    guard case .idx(let imageFile, let labelFile) = source else {
      preconditionFailure("IDX arrays come from IDX files")
    }
    guard labels.dimensions.count == 1 else {
      throw FormatError(
        labelFile, "has \(labels.dimensions.count) dimensions, labels have one",
        remedy: "check that images and labels are not swapped")
    }
    try self.init(
      LabelledImages(
        pixels: .bytes(images.values), dimensions: images.dimensions,
        labels: labels.values.map(Int.init), imageFile: imageFile, labelFile: labelFile),
      for: graph, input: input)
  }

  /// Checks images and labels against each other and against `graph`.
  init(
    _ data: LabelledImages, for graph: Graph, input: InputDescription
  ) throws(FormatError) {
    guard let count = data.dimensions.first, count > 0 else {
      throw FormatError(data.imageFile, "holds no images", remedy: "name a file with images")
    }
    guard data.labels.count == count else {
      throw FormatError(
        data.labelFile,
        "holds \(data.labels.count) labels for the \(count) images of \(data.imageFile)",
        remedy: "use the labels that belong to the images")
    }
    let expected = graph.inputShape
    guard let arrangement = ImageArrangement(data.dimensions.dropFirst(), expected, input) else {
      throw FormatError(
        data.imageFile,
        "holds images of \(Self.shape(of: data.dimensions.dropFirst(), expected)), "
          + "the model reads \(expected)",
        remedy: "use the data that the model was trained for")
    }
    let classes = graph.nodes[graph.output].shape.count
    if let index = data.labels.firstIndex(where: { !(0..<classes).contains($0) }) {
      throw FormatError(
        data.labelFile,
        "label \(data.labels[index]) of image \(index) is none of the model's \(classes) classes",
        remedy: "use the data that the model was trained for")
    }
    if case .values(let values) = data.pixels,
      let index = values.firstIndex(where: { !$0.isFinite })
    {
      throw FormatError(
        data.imageFile, "image \(index / expected.count) holds NaN or infinity",
        remedy: "make the data again")
    }
    let pixels = arrangement.applied(to: data.pixels)
    let areScaled = data.areIntegers || input.scalesFloats
    self.init(
      pixels: areScaled ? pixels.normalized(input, expected) : pixels,
      labels: data.labels.map(Int32.init), shape: expected)
    if !areScaled, case .values(let values) = pixels, Self.looksLikeBytes(values),
      input != InputDescription(scale: 1, channels: input.channels, layout: input.layout)
    {
      remark =
        "\(data.imageFile): floats of 0...255 are taken as they are; --scale-floats scales them"
    }
  }

  /// A comparison of images with the given extents with a model's, for messages.
  private static func shape(of extents: ArraySlice<Int>, _ expected: Shape) -> Shape {
    Shape(extents.count == 2 && expected.isFeatureMap ? [1] + extents : Array(extents))
  }

  /// Whether floats could be bytes that somebody forgot to scale.
  private static func looksLikeBytes(_ values: [Float]) -> Bool {
    var greatest: Float = 0
    for value in values {
      guard value >= 0, value <= 255, value == value.rounded() else { return false }
      greatest = max(greatest, value)
    }
    return greatest > 1
  }
}

extension Dataset.Pixels {
  /// Numbers of images `[C, H, W]` scaled and normalised; bytes stay, as they are scaled when they are used.
  fileprivate func normalized(_ input: InputDescription, _ shape: Shape) -> Dataset.Pixels {
    guard case .values(let values) = self else { return self }
    if let bytes = Self.bytes(values) { return .bytes(bytes) }
    let area = shape.isFeatureMap ? shape.height * shape.width : 1
    return .values(
      values.enumerated().map { place, value in
        input.value(of: value, channel: place / area % shape.channels)
      })
  }

  /// Values that are bytes as such; nil if some are not.
  private static func bytes(_ values: [Float]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count)
    for value in values {
      guard let byte = UInt8(exactly: value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
