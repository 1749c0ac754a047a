/// The header of a safetensors file: where each tensor's bytes are.
///
/// Eight bytes little-endian give the length of the JSON text that follows; the rest is data,
/// which the tensors must cover without overlap or hole
/// (https://github.com/huggingface/safetensors#format).
struct SafeTensorsHeader {
  /// A tensor that has been checked against the file's size.
  struct Entry {
    let name: String
    let type: String
    let shape: [Int]
    /// Its bytes, from the start of the file.
    let range: Range<Int>
  }

  /// In the order of their bytes.
  let entries: [Entry]

  /// The format's own limit, in bytes.
  private static let maximumLength = 100_000_000

  /// Reads and checks the header of a file.
  init(_ file: RandomAccessFile) throws(FormatError) {
    let start = try file.read(0..<min(8, file.count))
    let end = try Self.end(start, size: file.count, file: file.path)
    try self.init(file.read(0..<end), size: file.count, file: file.path)
  }

  /// Where the header ends.
  private static func end(_ bytes: [UInt8], size: Int, file: String) throws(FormatError) -> Int {
    guard bytes.count >= 8 else {
      throw .damaged(file, "has \(bytes.count) bytes, a safetensors file has at least 8")
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= maximumLength, length <= size - 8 else {
      throw .damaged(
        file,
        "is no safetensors file, or truncated: its header should have \(length) bytes, "
          + "the file has \(size)")
    }
    return 8 + Int(length)
  }

  /// Checks the header that a file of `size` bytes begins with.
  init(_ bytes: [UInt8], size: Int, file: String) throws(FormatError) {
    let dataStart = try Self.end(bytes, size: size, file: file)
    let json = try JSONParser.parse(bytes[8..<dataStart], file: file)
    guard case .object(let members) = json else {
      throw .damaged(file, "the header must be an object, it is \(json.kind)")
    }
    var entries: [Entry] = []
    for member in members {
      if member.key == "__metadata__" {
        try Self.checkMetadata(member.value, file: file)
      } else {
        entries.append(
          try Self.entry(member, data: dataStart..<size, file: file))
      }
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = dataStart
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw .damaged(
          file,
          "tensor \(entry.name.quoted) starts at byte \(entry.range.lowerBound), but the "
            + "one before it ends at \(end)")
      }
      end = entry.range.upperBound
    }
    guard end == size else {
      throw .damaged(file, "has \(size - end) bytes that belong to no tensor")
    }
    self.entries = entries
  }

  private static func checkMetadata(_ value: JSONValue, file: String) throws(FormatError) {
    guard case .object(let members) = value,
      members.allSatisfy({ if case .string = $0.value { true } else { false } })
    else {
      throw .damaged(file, "'__metadata__' must map strings to strings")
    }
  }

  /// Checks one tensor; `data` is where the file has data.
  private static func entry(
    _ member: JSONValue.Member, data: Range<Int>, file: String
  ) throws(FormatError) -> Entry {
    let place = "tensor \(member.key.quoted)"
    var reader = try ObjectReader(member.value, file: file, place: place)
    let type = try reader.string("dtype")
    let shape = try reader.integers("shape")
    let offsets = try reader.integers("data_offsets", count: 2)
    try reader.finish()
    let (begin, end) = (offsets[0], offsets[1])
    guard begin >= 0, begin <= end, end <= data.count else {
      throw .damaged(
        file, "\(place) should have bytes \(begin) to \(end) of the data, which has \(data.count)")
    }
    var count = 1
    for extent in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflows else {
        throw .damaged(file, "\(place) has an impossible shape")
      }
      count = product
    }
    if let size = ElementType.knownSizes[type] {
      let (needed, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows, needed == end - begin else {
        throw .damaged(
          file,
          "\(place) has \(end - begin) bytes, its shape \(shape.prefix(8)) and type \(type) "
            + "do not fit that")
      }
    }
    return Entry(
      name: member.key, type: type, shape: shape,
      range: data.lowerBound + begin..<data.lowerBound + end)
  }
}

extension FormatError {
  fileprivate static func damaged(_ file: String, _ problem: String) -> FormatError {
    FormatError(file, problem, remedy: "download or export the file again")
  }
}
