package import ModelGraph

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

  /// Writes a model as ONNX of which only the time matters: every large tensor is read from the start of one file
  /// beside it, which others can share.
  /// - Returns: the values that this file must have.
  package static func writeONNXForTiming(
    _ model: Model, to path: String, values: String, replacing: Bool
  ) throws(FormatError) -> Int {
    let message = try ONNXMessage(
      ONNXExporter(model, file: path), location: values, isForTiming: true)
    try AtomicFile.write(to: path, replacing: replacing, message.write)
    return message.mostOutside
  }

  /// Writes the file of values that such models share: small ones of either sign, so that no activation overflows.
  package static func writeValues(
    _ count: Int, to path: String, replacing: Bool
  ) throws(FormatError) {
    try AtomicFile.write(to: path, replacing: replacing) { (output) throws(FormatError) in
      try output.write((0..<count).map { index in index * 7919 % 101 < 50 ? -0.02 : 0.02 })
    }
  }
}
