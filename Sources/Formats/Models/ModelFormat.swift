/// The forms in which a model is written; the name of the file says which.
public enum ModelFormat: String, CaseIterable, Hashable, Sendable {
  /// One ONNX file.
  case onnx
  /// A module of PyTorch in a Python file with the weights beside it.
  case pytorch
  /// `model.json` with the weights beside it, which Sculpt goes on with.
  case sculpt

  /// The form of a file of that name; nil for one that may be a folder.
  public init?(ofFileAt path: String) {
    guard
      let format = Self.allCases.first(where: { path.lowercased().hasSuffix($0.suffix) })
    else { return nil }
    self = format
  }

  /// The end of a file's name.
  public var suffix: String {
    switch self {
    case .sculpt: ".json"
    case .onnx: ".onnx"
    case .pytorch: ".py"
    }
  }

  /// The path of a model in a folder.
  public func path(in folder: String) -> String {
    Path.resolve("model" + suffix, against: folder)
  }
}
