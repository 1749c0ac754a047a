public import ModelGraph

/// Weights in the safetensors format.
public enum SafeTensors {
  /// The largest file that is read, in bytes.
  static let maximumSize = 1 << 32

  /// Reads tensors as `Float`: all of them, or those in `names` that the file has.
  ///
  /// F32, F16 and BF16 are read; a tensor of another type is an error only if it is wanted, as
  /// PyTorch's files also hold integer counters.
  /// - Throws: `FormatError` for a damaged file or an element type that is not read.
  public static func read(
    at path: String, only names: Set<String>? = nil
  ) throws(FormatError) -> [String: Parameter] {
    try decode(FileBytes.read(path, limit: maximumSize), file: path, only: names)
  }

  /// Decodes a whole file.
  package static func decode(
    _ bytes: [UInt8], file: String, only names: Set<String>? = nil
  ) throws(FormatError) -> [String: Parameter] {
    var parameters: [String: Parameter] = [:]
    for entry in try SafeTensorsHeader(bytes, file: file).entries {
      if let names, !names.contains(entry.name) { continue }
      guard let type = ElementType(rawValue: entry.type) else {
        throw FormatError(
          file, "tensor \(entry.name.quoted) has elements of type \(entry.type.quoted)",
          remedy: "convert it to F32, F16 or BF16")
      }
      parameters[entry.name] = Parameter(
        shape: entry.shape, values: type.decode(bytes[entry.range]))
    }
    return parameters
  }

  /// Writes `parameters` as F32, sorted by name, atomically; tensor by tensor, as they may be large.
  /// - Throws: `FormatError` when the file cannot be written, or exists and may not be replaced.
  public static func write(
    _ parameters: [String: Parameter], to path: String, replacing: Bool = false
  ) throws(FormatError) {
    if !replacing { try AtomicFile.refuseExisting(path) }
    let file = try AtomicFile(staging: chunks(parameters, file: path), for: path)
    try file.commit(replacing: replacing)
  }

  /// The bytes of a file that holds `parameters`.
  package static func encode(
    _ parameters: [String: Parameter], file: String
  ) throws(FormatError) -> [UInt8] {
    Array(try chunks(parameters, file: file).joined())
  }

  /// The header and then each tensor's values, made when they are asked for.
  private static func chunks(
    _ parameters: [String: Parameter], file: String
  ) throws(FormatError) -> some Sequence<[UInt8]> {
    let sorted = parameters.sorted { $0.key < $1.key }
    guard parameters["__metadata__"] == nil else {
      throw FormatError(
        file, "no tensor may be called '__metadata__'", remedy: "rename it in the model")
    }
    // PyTorch's loaders ask for this entry.
    let metadata = JSONValue.Member("__metadata__", .object([.init("format", .string("pt"))]))
    var members = [metadata]
    var offset = 0
    for (name, parameter) in sorted {
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
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    let first: [UInt8] = length + header
    return (0...sorted.count).lazy.map { $0 == 0 ? first : bytes(of: sorted[$0 - 1].value) }
  }

  private static func bytes(of parameter: Parameter) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * parameter.values.count)
    for value in parameter.values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}
