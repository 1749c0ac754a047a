internal import ArgumentParser
internal import Formats
internal import ModelGraph

/// Where a command writes a model, and in which form.
struct ModelOutput: ParsableArguments {
  @Option(
    name: [.short, .customLong("out")],
    help: ArgumentHelp(
      "Where to write it: a folder gets model.json and weights.safetensors, a name with .onnx or .py (PyTorch) is a "
        + "file.",
      valueName: "folder|file"))
  var output: String

  @Flag(help: "Replace files that exist.")
  var force = false

  /// Writes a model and makes the folder for it.
  ///
  /// - Parameter format: the form that is wanted, if the name need not say it.
  /// - Returns: the path of the file that is to be opened.
  func write(
    _ model: Model, data: [Split: DataSource], as format: ModelFormat? = nil
  ) throws -> String {
    let path = path(for: format)
    try ModelFile.makeFolder(at: Path.folder(of: path))
    try ModelFile.write(model, to: path, data: data, replacing: force)
    return path
  }

  private func path(for format: ModelFormat?) -> String {
    switch ModelFormat(ofFileAt: output) {
    case .sculpt, nil: (format ?? .sculpt).path(in: output)
    case .onnx, .pytorch: output
    }
  }

  /// Whether the name is that of a file in another form than is wanted.
  func contradicts(_ format: ModelFormat) -> Bool {
    switch ModelFormat(ofFileAt: output) {
    case .sculpt, nil: false
    case .some(let named): named != format
    }
  }
}
