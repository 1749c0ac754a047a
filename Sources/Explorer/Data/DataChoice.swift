package import Formats
internal import ModelGraph

/// The images that a model is judged, corrected and trained by, and how they become its input, where that is not
/// what the model itself says.
package struct DataChoice: Hashable, Sendable, Codable {
  /// The path of the images of each split that was chosen, by the split's name.
  private var paths: [String: String] = [:]
  /// How an image becomes the input; nil for what the model says.
  package var input: InputChoice?

  /// Everything as the model says.
  package init() {}

  /// The path of a split's images; nil for what the model says.
  package subscript(split: Split) -> String? {
    get { paths[split.rawValue] }
    set { paths[split.rawValue] = newValue }
  }

  /// The splits that can be chosen; the test split is nobody's business before the end.
  package static let splits: [Split] = [.validation, .calibration, .train]

  /// The same choice for whoever goes on with it in another folder.
  var absolute: DataChoice {
    var choice = self
    choice.paths = paths.mapValues(UserPath.absolute)
    return choice
  }

  /// Whether what was found out of the model by another choice holds by this one.
  func judgesLike(_ other: DataChoice) -> Bool {
    var same = other
    same[.train] = self[.train]
    return self == same
  }

  /// The images of a split where those that the file names are not taken.
  /// - Throws: `FormatError` if the path holds no data.
  func source(of split: Split, in own: ModelFile) throws(FormatError) -> DataSource? {
    guard let typed = self[split] else { return own.data[split] }
    let path = UserPath.expanded(typed)
    // Photographs are fitted as those were that they take the place of.
    if case .folder(_, let fitting, let order)? = own.data[split] ?? own.data[.validation] {
      return try .recognised(at: path, fitting: fitting, order: order)
    }
    return try .recognised(at: path)
  }

  /// A model by this choice.
  ///
  /// - Parameters:
  ///   - file: the model, perhaps by another choice, perhaps with its weights.
  ///   - own: the same as it says itself.
  /// - Throws: `FormatError` if a path holds no data, or the numbers do not suit the channels.
  func applied(to file: ModelFile, over own: ModelFile) throws(FormatError) -> ModelFile {
    var file = file
    for split in [Split.validation, .calibration] {
      guard let source = try source(of: split, in: own) else { continue }
      file = file.replacingData(source, of: split)
    }
    let description = input?.description(over: own.model.input) ?? own.model.input
    return description == file.model.input ? file : try file.replacingInput(description)
  }
}

/// How an image becomes the input: (byte x scale - mean) / deviation, floats likewise.
package struct InputChoice: Hashable, Sendable, Codable {
  /// The factor of a byte.
  package var scale: Float
  /// One value, or one a channel.
  package var mean: [Float]
  /// One value, or one a channel.
  package var deviation: [Float]

  /// Numbers of an input; bytes become 0 to 1 before if nothing else is said.
  package init(scale: Float = 1 / 255, mean: [Float], deviation: [Float]) {
    (self.scale, self.mean, self.deviation) = (scale, mean, deviation)
  }

  fileprivate func description(over own: InputDescription) -> InputDescription {
    var description = own
    (description.scale, description.mean, description.deviation) = (scale, mean, deviation)
    description.scalesFloats = true
    return description
  }
}

/// The ways in which networks are usually given their images.
package enum InputPreset: String, CaseIterable, Hashable, Sendable {
  case model = "as the model says"
  case imageNet = "ImageNet"
  case cifar = "CIFAR"
  case half = "127.5"
  case none = "none"
  case own = "own"

  /// The numbers; nil for those of the model, and for those that are typed.
  package var input: InputChoice? {
    switch self {
    case .model, .own: nil
    case .imageNet:
      InputChoice(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
    case .cifar:
      InputChoice(mean: [0.4914, 0.4822, 0.4465], deviation: [0.2470, 0.2435, 0.2616])
    case .half: InputChoice(scale: 1, mean: [127.5], deviation: [127.5])
    case .none: InputChoice(mean: [0], deviation: [1])
    }
  }

  /// Whether its numbers suit so many channels.
  func suits(channels: Int) -> Bool { input.map { [1, channels].contains($0.mean.count) } ?? true }
}
