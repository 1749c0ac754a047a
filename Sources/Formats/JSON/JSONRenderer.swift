extension JSONValue {
  /// The value as text, readable: what fits into a line of `width` characters stays on one.
  package func rendered(width: Int = 100) -> String {
    rendered(indent: 0, room: width) + "\n"
  }

  /// `indent` is that of the line that the value starts on, `room` what is left of that line.
  private func rendered(indent: Int, room: Int) -> String {
    let line = compact
    if line.count <= room { return line }
    let width = room + indent
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    switch self {
    case .null, .bool, .number, .string:
      return line
    case .array(let elements):
      let lines = elements.map { inner + $0.rendered(indent: indent + 2, room: width - indent - 3) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
    case .object(let members):
      let lines = members.map { member in
        let key = "\(inner)\(Self.quote(member.key)): "
        return key + member.value.rendered(indent: indent + 2, room: width - key.count - 1)
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
    }
  }

  /// The value on one line.
  package var compact: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text
    case .string(let text): Self.quote(text)
    case .array(let elements): "[\(elements.map(\.compact).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.map { "\(Self.quote($0.key)): \($0.value.compact)" }.joined(separator: ", "))}"
    }
  }

  private static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\u{0}"..<" ", "\u{7F}", "\u{2028}", "\u{2029}":
        let code = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
