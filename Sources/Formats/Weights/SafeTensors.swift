public import ModelGraph

/// Weights in the safetensors format.
public enum SafeTensors {
  /// The largest file that is read, in bytes.
  static let maximumSize = 1 << 32

  /// Reads tensors as `Float`: all of them, or those in `names` that the file has; one at a time, so that
  /// nothing but their values is in memory.
  ///
  /// F32, F16 and BF16 are read; a tensor of another type is an error only if it is wanted, as
  /// PyTorch's files also hold integer counters.
  /// - Throws: `FormatError` for a damaged file or an element type that is not read.
  public static func read(
    at path: String, only names: Set<String>? = nil
  ) throws(FormatError) -> [String: Parameter] {
    let file = try RandomAccessFile(path)
    guard file.count <= maximumSize else {
      throw FormatError(
        path, "is \(file.count) bytes long, more than the \(maximumSize) that are accepted",
        remedy: "check that it is the file you meant")
    }
    return try tensors(in: SafeTensorsHeader(file), of: path, only: names) {
      (range, type) throws(FormatError) in
      type == .float32 ? try file.readFloats(range) : type.decode(try file.read(range)[...])
    }
  }

  /// Decodes a whole file.
  package static func decode(
    _ bytes: [UInt8], file: String, only names: Set<String>? = nil
  ) throws(FormatError) -> [String: Parameter] {
    let header = try SafeTensorsHeader(bytes, size: bytes.count, file: file)
    return try tensors(in: header, of: file, only: names) { (range, type) throws(FormatError) in
      type.decode(bytes[range])
    }
  }

  private static func tensors(
    in header: SafeTensorsHeader, of file: String, only names: Set<String>?,
    _ values: (Range<Int>, ElementType) throws(FormatError) -> [Float]
  ) throws(FormatError) -> [String: Parameter] {
    var parameters: [String: Parameter] = [:]
    for entry in header.entries {
      if let names, !names.contains(entry.name) { continue }
      guard let type = ElementType(rawValue: entry.type) else {
        throw FormatError(
          file, "tensor \(entry.name.quoted) has elements of type \(entry.type.quoted)",
          remedy: "convert it to F32, F16 or BF16")
      }
      parameters[entry.name] = Parameter(
        shape: entry.shape, values: try values(entry.range, type))
    }
    return parameters
  }

  /// Writes `parameters` as F32, sorted by name, atomically.
  /// - Throws: `FormatError` when the file cannot be written, or exists and may not be replaced.
  public static func write(
    _ parameters: [String: Parameter], to path: String, replacing: Bool = false
  ) throws(FormatError) {
    let sorted = parameters.sorted { $0.key < $1.key }
    let start = try header(of: sorted, file: path)
    try AtomicFile.write(to: path, replacing: replacing) { (output) throws(FormatError) in
      try output.write(start)
      for (_, parameter) in sorted { try output.write(parameter.values) }
    }
  }

  /// The header of a file that holds `parameters` in that order.
  private static func header(
    of parameters: [(key: String, value: Parameter)], file: String
  ) throws(FormatError) -> [UInt8] {
    guard !parameters.contains(where: { $0.key == "__metadata__" }) else {
      throw FormatError(
        file, "no tensor may be called '__metadata__'", remedy: "rename it in the model")
    }
    // PyTorch's loaders ask for this entry.
    let metadata = JSONValue.Member("__metadata__", .object([.init("format", .string("pt"))]))
    var members = [metadata]
    var offset = 0
    for (name, parameter) in parameters {
      let end = offset + 4 * parameter.values.count
      members.append(
        .init(
          name,
          .object([
            .init("dtype", .string(ElementType.float32.rawValue)),
            .init("shape", .array(parameter.shape.map(JSONValue.integer))),
            .init("data_offsets", .array([.integer(offset), .integer(end)])),
          ])))
      offset = end
    }
    var header = Array(JSONValue.object(members).compact.utf8)
    // The data starts on a multiple of eight, as the format advises.
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)

    return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
  }
}
