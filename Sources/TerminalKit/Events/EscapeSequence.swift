/// Reads what begins with ESC: control sequences, mouse reports, alt and a character.
enum EscapeSequence {
  /// Longer sequences are not keys; their beginning is dropped.
  private static let limit = 64

  static func step(_ bytes: ArraySlice<UInt8>) -> InputDecoder.Step {
    let start = bytes.startIndex
    guard bytes.count > 1 else { return .incomplete }
    switch bytes[start + 1] {
    case UInt8(ascii: "["): return controlSequence(bytes)
    case UInt8(ascii: "O"):
      guard bytes.count > 2 else { return .incomplete }
      return .found(KeySequences.key(final: bytes[start + 2]).map(Event.key), length: 3)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
      return report(bytes)
    case 0x1B: return .found(.key(.escape), length: 1)
    case 0x7F: return .found(.key(.alt("\u{7F}")), length: 2)
    case ..<0x20: return .found(.key(.escape), length: 1)
    default:
      let step = UTF8Scalar.step(bytes.dropFirst()) { .key(.alt($0)) }
      guard case .found(let event, let length) = step else { return .incomplete }
      return .found(event, length: length + 1)
    }
  }

  /// A report ended by BEL or ESC \, such as an answer nobody asked for.
  private static func report(_ bytes: ArraySlice<UInt8>) -> InputDecoder.Step {
    let body = bytes.dropFirst(2)
    for index in body.indices {
      if body[index] == 0x07 { return .found(nil, length: index - bytes.startIndex + 1) }
      if body[index] == 0x1B {
        guard index + 1 < body.endIndex else { return .incomplete }
        let extra = body[index + 1] == UInt8(ascii: "\\") ? 2 : 0
        return .found(nil, length: index - bytes.startIndex + extra)
      }
    }
    return bytes.count > 4096 ? .found(nil, length: bytes.count) : .incomplete
  }

  private static func controlSequence(_ bytes: ArraySlice<UInt8>) -> InputDecoder.Step {
    let body = bytes.dropFirst(2)
    if body.first == UInt8(ascii: "M") { return oldMouse(body.dropFirst()) }
    if body.first == UInt8(ascii: "[") { return linuxFunctionKey(body.dropFirst()) }
    guard let end = body.firstIndex(where: { !(0x20...0x3F).contains($0) }) else {
      return bytes.count > limit ? .found(nil, length: bytes.count) : .incomplete
    }
    guard (0x40...0x7E).contains(body[end]) else {
      return .found(nil, length: end - bytes.startIndex)
    }
    let parameters = body[body.startIndex..<end]
    return .found(event(parameters, final: body[end]), length: end - bytes.startIndex + 1)
  }

  private static func event(_ parameters: ArraySlice<UInt8>, final: UInt8) -> Event? {
    if parameters.first == UInt8(ascii: "<") {
      return MouseReport.event(
        numbers(parameters.dropFirst()), released: final == UInt8(ascii: "m"))
    }
    if final == UInt8(ascii: "~") {
      return KeySequences.key(number: numbers(parameters).first ?? 0).map(Event.key)
    }
    return KeySequences.key(final: final).map(Event.key)
  }

  private static func numbers(_ parameters: ArraySlice<UInt8>) -> [Int] {
    parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { digits in
      digits.prefix(6).reduce(0) { (0x30...0x39).contains($1) ? $0 * 10 + Int($1 - 0x30) : $0 }
    }
  }

  /// `ESC [ M button column row`, each a byte with 32 added; the cell is counted from 1.
  private static func oldMouse(_ body: ArraySlice<UInt8>) -> InputDecoder.Step {
    guard body.count >= 3 else { return .incomplete }
    let values = body.prefix(3).map { Int($0) - 32 }
    return .found(MouseReport.event(values, released: false), length: 6)
  }

  /// `ESC [ [ A` to `E`: F1 to F5 of the Linux console.
  private static func linuxFunctionKey(_ body: ArraySlice<UInt8>) -> InputDecoder.Step {
    guard let letter = body.first else { return .incomplete }
    guard (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(letter) else {
      return .found(nil, length: 3)
    }
    return .found(.key(.function(Int(letter - UInt8(ascii: "A")) + 1)), length: 4)
  }
}
