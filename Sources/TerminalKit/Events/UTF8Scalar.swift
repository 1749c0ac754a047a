/// Reads one scalar from the beginning of some bytes.
enum UTF8Scalar {
  /// The scalar as an event; nothing for a byte that cannot begin one or a sequence cut short.
  static func step(
    _ bytes: ArraySlice<UInt8>, _ event: (Character) -> Event
  ) -> InputDecoder.Step {
    guard let first = bytes.first else { return .incomplete }
    let length: Int
    switch first {
    case ..<0x80: length = 1
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return .found(nil, length: 1)
    }
    let sequence = bytes.prefix(length)
    if let bad = sequence.dropFirst().firstIndex(where: { $0 & 0xC0 != 0x80 }) {
      return .found(nil, length: bad - sequence.startIndex)
    }
    guard sequence.count == length else { return .incomplete }
    guard let text = String(validating: sequence, as: UTF8.self), let character = text.first,
      text.unicodeScalars.first?.properties.generalCategory != .control
    else { return .found(nil, length: length) }
    return .found(event(character), length: length)
  }
}
