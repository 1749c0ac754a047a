/// Reads JSON from bytes.
///
/// Strict as RFC 8259, and keys may not repeat. Depth and number of values are limited, so that
/// neither the stack nor memory depends on what a hostile file says.
package struct JSONParser {
  /// How deep arrays and objects may nest.
  package static let maximumDepth = 64
  /// How many values one text may hold.
  package static let maximumValues = 1 << 20

  private let bytes: ArraySlice<UInt8>
  private let file: String
  private var position: Int
  private var values = 0

  /// The one value that `bytes` hold, with white space around it; `file` is for messages.
  package static func parse(
    _ bytes: ArraySlice<UInt8>, file: String
  ) throws(FormatError) -> JSONValue {
    var parser = JSONParser(bytes, file: file)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    if parser.position < bytes.endIndex { throw parser.error("there is text after its end") }
    return value
  }

  private init(_ bytes: ArraySlice<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    position = bytes.startIndex
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private func error(_ problem: String) -> FormatError {
    let before = bytes[..<position]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let column =
      position - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.startIndex)
    return FormatError(
      file, "is not valid JSON at line \(line), column \(column + 1): \(problem)",
      remedy: "correct it there or write the file anew")
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(FormatError) -> JSONValue {
    guard depth <= Self.maximumDepth else {
      throw error("it nests deeper than \(Self.maximumDepth) levels")
    }
    values += 1
    guard values <= Self.maximumValues else {
      throw error("it holds more than \(Self.maximumValues) values")
    }
    skipSpace()
    guard let byte = next else { throw error("it ends where a value should be") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw error("a value should be here")
    }
  }

  private mutating func object(depth: Int) throws(FormatError) -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a key in quotes should be here") }
      let key = try string()
      guard keys.insert(key).inserted else { throw error("the key \(key.quoted) is repeated") }
      skipSpace()
      guard take(":") else { throw error("a colon should be here") }
      members.append(.init(key, try value(depth: depth + 1)))
      skipSpace()
    } while take(",")
    guard take("}") else { throw error("a comma or a closing brace should be here") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(FormatError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw error("a comma or a closing bracket should be here") }
    return .array(elements)
  }

  private mutating func literal(
    _ text: StaticString, _ value: JSONValue
  ) throws(FormatError) -> JSONValue {
    let expected = Array(text.description.utf8)
    guard bytes[position...].starts(with: expected) else {
      throw error("a value should be here")
    }
    position += expected.count
    return value
  }

  private mutating func digits() throws(FormatError) {
    let start = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    if position == start { throw error("a digit should be here") }
  }

  private mutating func number() throws(FormatError) -> JSONValue {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func string() throws(FormatError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw error("the string that ends here is not UTF-8")
        }
        position += 1
        return string
      case UInt8(ascii: "\\"):
        position += 1
        text += Array(String(Character(try escape())).utf8)
      case 0..<0x20:
        throw error("a control character in a string must be escaped")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw error("it ends within a string")
  }

  /// The character that a backslash stands for, the position being behind it.
  private mutating func escape() throws(FormatError) -> Unicode.Scalar {
    guard let byte = next else { throw error("it ends within a string") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw error("there is no such escape")
    }
    var code = try fourHexDigits()
    if (0xD800..<0xDC00).contains(code), take("\\"), take("u") {
      let low = try fourHexDigits()
      guard (0xDC00..<0xE000).contains(low) else { throw error("half a surrogate pair") }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
    return scalar
  }

  private mutating func fourHexDigits() throws(FormatError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else {
      throw error("four hexadecimal digits should be here")
    }
    position += 4
    return code
  }
}
