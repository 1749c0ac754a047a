internal import ArgumentParser
internal import Formats
internal import ModelGraph

/// Where a command writes a model.
struct ModelOutput: ParsableArguments {
  @Option(
    name: [.short, .customLong("out")],
    help: ArgumentHelp(
      "Where to write it: a folder gets model.json and weights.safetensors, a name with .onnx is a file.",
      valueName: "folder|model.onnx"))
  var output: String

  @Flag(help: "Replace files that exist.")
  var force = false

  /// Writes a model and makes the folder for it.
  /// - Returns: the path of the file that is to be opened.
  func write(_ model: Model, data: [Split: DataSource]) throws -> String {
    let path = ModelFile.isONNX(output) ? output : output + "/model.json"
    try ModelFile.makeFolder(at: Path.folder(of: path))
    try ModelFile.write(model, to: path, data: data, replacing: force)
    return path
  }
}
