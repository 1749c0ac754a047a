/// A JSON value (RFC 8259); objects keep the order of their members.
package enum JSONValue: Hashable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number as it is written, so that no conversion rounds it twice.
  case number(String)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object; no key occurs twice.
  case object([Member])

  /// A key with its value.
  package struct Member: Hashable, Sendable {
    /// The key.
    package let key: String
    /// The value.
    package let value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// An integer.
  package static func integer(_ value: Int) -> JSONValue { .number(String(value)) }
  /// A finite value, in the fewest digits that read as the same `Float`.
  package static func float(_ value: Float) -> JSONValue { .number(value.description) }

  /// The kind of this value, for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .number(let text): "the number \(text.prefix(24))"
    case .string(let text): "the string \(text.quoted)"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
