internal import ModelGraph

extension ONNXFile {
  /// The largest file that protocol buffers allow, in bytes.
  static let largestSize = 1 << 31 - 1

  /// Writes a model with its weights; if they make the file too large to be read, they go to another beside
  /// it, called like it with `.data` at the end.
  /// - Throws: `FormatError` if a node cannot be said in ONNX's operators, weights are missing, or a file
  ///   cannot be written, or exists and may not be replaced.
  static func write(
    _ model: Model, to path: String, replacing: Bool, largestSize: Int = largestSize
  ) throws(FormatError) {
    let data = path + ".data"
    if !replacing { try AtomicFile.refuseExisting(path) }
    let exporter = try ONNXExporter(model, file: path)
    var message = try ONNXMessage(exporter)
    guard message.count > largestSize else {
      let file = try AtomicFile(for: path, message.write)
      return try file.commit(replacing: replacing)
    }
    if !replacing { try AtomicFile.refuseExisting(data) }
    message = try ONNXMessage(exporter, location: Path.name(of: data))
    let structure = try AtomicFile(for: path, message.write)
    try structure.commit(replacing: replacing) { () throws(FormatError) in
      try AtomicFile.write(to: data, replacing: replacing, message.writeOutside)
    }
  }
}
