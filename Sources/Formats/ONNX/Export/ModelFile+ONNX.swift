internal import ModelGraph

extension ModelFile {
  /// The largest message that protocol buffers allow, in bytes.
  private static let largestMessage = 1 << 31 - 1

  /// Writes a model with its weights as ONNX.
  ///
  /// Weights that would make the file larger than `largestSize` go to another beside it, called like it with
  /// `.data` at the end.
  /// - Throws: `FormatError` if a node cannot be said in ONNX's operators, weights are missing, or a file
  ///   cannot be written, or exists and may not be replaced.
  static func writeONNX(
    _ model: Model, to path: String, replacing: Bool, largestSize: Int = largestMessage
  ) throws(FormatError) {
    if !replacing { try AtomicFile.refuseExisting(path) }
    try checkNumbers(of: model, file: path)
    let exporter = try ONNXExporter(model, file: path)
    let whole = try ONNXMessage(exporter)
    guard whole.count > largestSize else {
      return try AtomicFile.write(to: path, replacing: replacing, whole.write)
    }
    let data = path + ".data"
    if !replacing { try AtomicFile.refuseExisting(data) }
    let message = try ONNXMessage(exporter, location: Path.name(of: data))
    let structure = try AtomicFile(for: path, message.write)
    try structure.commit(replacing: replacing) { () throws(FormatError) in
      try AtomicFile.write(to: data, replacing: replacing, message.writeOutside)
    }
  }
}
