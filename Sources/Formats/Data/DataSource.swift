/// The parts that a model's images are divided into.
public enum Split: String, CaseIterable, Hashable, Sendable {
  /// The split that the model learns from.
  case train
  /// A fixed part of train: statistics and reconstruction come from it.
  case calibration
  /// A fixed part of train that was never trained on: the search sees it.
  case validation
  /// The split that only the final evaluation sees.
  case test
}

/// Where the images and labels of a split are, and in which format.
public enum DataSource: Hashable, Sendable, Codable {
  /// Two IDX files, plain or gzipped.
  case idx(images: String, labels: String)
  /// Files in CIFAR-10's or CIFAR-100's binary layout, one after the other.
  case cifar([String])
  /// Two NPY files.
  case arrays(images: String, labels: String)
  /// An NPZ file that holds both arrays.
  case archive(String)
  /// A folder with a folder of JPEG or PNG images for each class.
  case folder(String, ImageFitting, ClassOrder = .usual)

  /// Two IDX files.
  public init(images: String, labels: String) {
    self = .idx(images: images, labels: labels)
  }

  /// The same source with other paths.
  package func mappingPaths(_ transform: (String) -> String) -> DataSource {
    switch self {
    case .idx(let images, let labels):
      .idx(images: transform(images), labels: transform(labels))
    case .cifar(let paths): .cifar(paths.map(transform))
    case .arrays(let images, let labels):
      .arrays(images: transform(images), labels: transform(labels))
    case .archive(let path): .archive(transform(path))
    case .folder(let path, let fitting, let order): .folder(transform(path), fitting, order)
    }
  }

  /// The files or folders that it names.
  package var paths: [String] {
    switch self {
    case .idx(let images, let labels), .arrays(let images, let labels): [images, labels]
    case .cifar(let paths): paths
    case .archive(let path), .folder(let path, _, _): [path]
    }
  }
}

/// How a photograph becomes as large as the model's input.
public enum ImageFitting: Hashable, Sendable, Codable {
  /// The shorter side is resized to so many pixels, then the centre is cut out: torchvision's
  /// `Resize` and `CenterCrop`.
  case crop(shorterSide: Int)
  /// The shorter side is resized to the input's by 1 / 0.875, as for 224 from 256, then the centre is
  /// cut out; a photograph that is exactly as large as the input stays as it is.
  case standardCrop
  /// Both sides are resized to the input's, whatever the aspect.
  case stretch
}

extension DataSource {
  /// The keys that name a source in a `model.json`.
  static let remedy =
    "name {\"images\", \"labels\"} (IDX or NPY files), {\"cifar\"}, {\"npz\"} or {\"folder\"}"

  /// Reads a source as a `model.json` holds it; no other keys may be there.
  package init(_ reader: inout ObjectReader) throws(FormatError) {
    if reader.has("cifar") {
      let paths = try reader.strings("cifar")
      guard !paths.isEmpty else { throw reader.error("'cifar' names no file") }
      self = .cifar(paths)
    } else if reader.has("npz") {
      self = .archive(try reader.string("npz"))
    } else if reader.has("folder") {
      self = .folder(
        try reader.string("folder"), try ImageFitting(&reader),
        try reader.choice("order", default: .usual))
    } else if reader.has("images") {
      let (images, labels) = (try reader.string("images"), try reader.string("labels"))
      self =
        images.hasSuffix(".npy")
        ? .arrays(images: images, labels: labels) : .idx(images: images, labels: labels)
    } else {
      throw reader.error("no data are named", remedy: Self.remedy)
    }
    try reader.finish()
  }

  /// As a `model.json` holds it.
  package var json: JSONValue {
    switch self {
    case .idx(let images, let labels), .arrays(let images, let labels):
      .object([.init("images", .string(images)), .init("labels", .string(labels))])
    case .cifar(let paths): .object([.init("cifar", .array(paths.map(JSONValue.string)))])
    case .archive(let path): .object([.init("npz", .string(path))])
    case .folder(let path, let fitting, let order):
      .object(
        [.init("folder", .string(path))] + fitting.members
          + (order == .usual ? [] : [.init("order", .string(order.rawValue))]))
    }
  }
}

extension ImageFitting {
  /// From the words of a command line: `crop`, `stretch`, or the shorter side in pixels.
  public init?(_ text: String) {
    switch text {
    case "crop": self = .standardCrop
    case "stretch": self = .stretch
    default:
      guard let side = Int(text), (1...1 << 16).contains(side) else { return nil }
      self = .crop(shorterSide: side)
    }
  }

  fileprivate init(_ reader: inout ObjectReader) throws(FormatError) {
    let isNumber = (try? reader.integer("resize")) != nil
    let text =
      isNumber ? String(try reader.integer("resize")) : try reader.optionalString("resize")
    guard let fitting = ImageFitting(text ?? "crop") else {
      throw reader.error("'resize' is \"crop\", \"stretch\" or the shorter side in pixels")
    }
    self = fitting
  }

  fileprivate var members: [JSONValue.Member] {
    switch self {
    case .standardCrop: []
    case .stretch: [.init("resize", .string("stretch"))]
    case .crop(let side): [.init("resize", .integer(side))]
    }
  }
}
