/// Walks over the fields of a protocol-buffers message in a file without reading what they hold
/// (https://protobuf.dev/programming-guides/encoding): weights are found, not copied. Also says how such fields begin.
struct WireFormat {
  /// A field of a message.
  struct Field {
    let number: Int
    /// Tag and content.
    let whole: Range<Int>
    /// The content of a length-delimited field; nil for other fields.
    let content: Range<Int>?
  }

  private let file: RandomAccessFile
  private let end: Int
  private var position: Int
  /// A part of the file and where it begins.
  private var buffer: [UInt8] = []
  private var bufferStart = 0

  /// The message in `range` of a file.
  init(_ file: RandomAccessFile, _ range: Range<Int>) {
    self.file = file
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next field, or nil at the end of the message.
  /// - Throws: `FormatError` if the bytes are no message.
  mutating func next() throws(FormatError) -> Field? {
    guard position < end else { return nil }
    let start = position
    let tag = try varint()
    guard tag >> 3 != 0, tag >> 3 < 1 << 29 else { throw damaged }
    let number = Int(tag >> 3)
    switch tag & 7 {
    case 0: _ = try varint()
    case 1: try skip(8)
    case 5: try skip(4)
    case 2:
      let length = try varint()
      guard length <= UInt64(end - position) else { throw damaged }
      let content = position..<position + Int(length)
      position = content.upperBound
      return Field(number: number, whole: start..<position, content: content)
    default:
      // Groups are not used by ONNX.
      throw damaged
    }
    return Field(number: number, whole: start..<position, content: nil)
  }

  private mutating func skip(_ count: Int) throws(FormatError) {
    guard count <= end - position else { throw damaged }
    position += count
  }

  private mutating func varint() throws(FormatError) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else { throw damaged }
      if !(bufferStart..<bufferStart + buffer.count).contains(position) {
        buffer = try file.read(position..<min(position + 4096, file.count))
        bufferStart = position
      }
      let byte = buffer[position - bufferStart]
      position += 1
      result |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return result }
    }
    throw damaged
  }

  private var damaged: FormatError {
    FormatError(
      file.path, "is no intact ONNX file: byte \(position) makes no sense",
      remedy: "export or copy it again")
  }

  // MARK: Writing

  /// The tag and length before the content of a length-delimited field.
  static func key(of field: Int, length: Int) -> [UInt8] {
    varint(UInt64(field) << 3 | 2) + varint(UInt64(length))
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
