/// Takes the members of a JSON object out by key and type.
///
/// It remembers which keys were asked for, so that `finish` can point at misspelt ones.
package struct ObjectReader {
  private let file: String
  private let place: String
  private let values: [String: JSONValue]
  private var known: [String] = []

  /// Reads `value`, which must be an object. `place` says where it is, as in `node 'conv1'`.
  package init(_ value: JSONValue, file: String, place: String) throws(FormatError) {
    self.file = file
    self.place = place
    guard case .object(let members) = value else {
      throw FormatError(
        file, "\(place) must be an object, it is \(value.kind)", remedy: "correct it in the file")
    }
    values = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
  }

  /// An error at this object.
  package func error(_ problem: String, remedy: String = "correct it in the file") -> FormatError {
    FormatError(file, "\(place): \(problem)", remedy: remedy)
  }

  /// Throws if there is a key that nobody asked for.
  package func finish() throws(FormatError) {
    if let key = values.keys.filter({ !known.contains($0) }).min() {
      throw error(
        "\(key.quoted) means nothing here", remedy: "use \(known.joined(separator: ", "))")
    }
  }

  /// Whether `key` is there.
  package func has(_ key: String) -> Bool { values[key] != nil }

  /// The value of `key`, if there is one.
  package mutating func optional(_ key: String) -> JSONValue? {
    known.append(key)
    return values[key]
  }

  /// The value of `key`, which must be there.
  package mutating func required(_ key: String) throws(FormatError) -> JSONValue {
    guard let value = optional(key) else {
      throw error("'\(key)' is missing", remedy: "add it to the file")
    }
    return value
  }

  private func mismatch(_ key: String, _ expected: String, _ value: JSONValue) -> FormatError {
    error("'\(key)' must be \(expected), it is \(value.kind)")
  }

  private func string(_ value: JSONValue, _ key: String) throws(FormatError) -> String {
    guard case .string(let text) = value, !text.isEmpty else {
      throw mismatch(key, "a string", value)
    }
    return text
  }

  private func integer(_ value: JSONValue, _ key: String) throws(FormatError) -> Int {
    guard case .number(let text) = value, let number = Int(text) else {
      throw mismatch(key, "a whole number", value)
    }
    return number
  }

  private func float(_ value: JSONValue, _ key: String) throws(FormatError) -> Float {
    guard case .number(let text) = value, let number = Float(text), number.isFinite else {
      throw mismatch(key, "a finite number", value)
    }
    return number
  }

  private func array(_ value: JSONValue, _ key: String) throws(FormatError) -> [JSONValue] {
    guard case .array(let elements) = value else { throw mismatch(key, "an array", value) }
    return elements
  }

  /// A string that is not empty.
  package mutating func string(_ key: String) throws(FormatError) -> String {
    try string(required(key), key)
  }

  /// A string that is not empty, or nil if the key is missing.
  package mutating func optionalString(_ key: String) throws(FormatError) -> String? {
    guard let value = optional(key) else { return nil }
    return try string(value, key)
  }

  /// One of the words of a choice.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, default fallback: Choice
  ) throws(FormatError) -> Choice {
    guard let text = try optionalString(key) else { return fallback }
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
      throw error("'\(key)' must be \(words), not \(text.quoted)")
    }
    return choice
  }

  /// Strings that are not empty.
  package mutating func strings(_ key: String) throws(FormatError) -> [String] {
    var result: [String] = []
    for element in try array(required(key), key) { result.append(try string(element, key)) }
    return result
  }

  /// A whole number; without a default it must be there.
  package mutating func integer(_ key: String, default fallback: Int? = nil) throws(FormatError)
    -> Int
  {
    if let fallback, values[key] == nil {
      known.append(key)
      return fallback
    }
    return try integer(required(key), key)
  }

  /// Whole numbers, `count` of them if it is given; without a default they must be there.
  package mutating func integers(
    _ key: String, count: Int? = nil, default fallback: [Int]? = nil
  ) throws(FormatError) -> [Int] {
    if let fallback, values[key] == nil {
      known.append(key)
      return fallback
    }
    let value = try required(key)
    var result: [Int] = []
    for element in try array(value, key) { result.append(try integer(element, key)) }
    if let count, result.count != count {
      throw error("'\(key)' must have \(count) values, it has \(result.count)")
    }
    return result
  }

  /// A finite number; without a default it must be there.
  package mutating func float(
    _ key: String, default fallback: Float? = nil
  ) throws(FormatError) -> Float {
    if let fallback, values[key] == nil {
      known.append(key)
      return fallback
    }
    return try float(required(key), key)
  }

  /// Finite numbers.
  package mutating func floats(_ key: String, default fallback: [Float]) throws(FormatError)
    -> [Float]
  {
    guard let value = optional(key) else { return fallback }
    var result: [Float] = []
    for element in try array(value, key) { result.append(try float(element, key)) }
    return result
  }

  /// `true` or `false`, or ONNX's 1 and 0.
  package mutating func flag(_ key: String, default fallback: Bool) throws(FormatError) -> Bool {
    switch optional(key) {
    case nil: return fallback
    case .bool(let value): return value
    case .number("0"): return false
    case .number("1"): return true
    case .some(let value): throw mismatch(key, "0 or 1", value)
    }
  }

  /// The object at `key`, or nil if the key is missing.
  package mutating func object(_ key: String, place: String) throws(FormatError) -> ObjectReader? {
    guard let value = optional(key) else { return nil }
    return try ObjectReader(value, file: file, place: place)
  }
}
