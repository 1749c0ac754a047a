/// Cuts what a program writes into characters, control characters and sequences (ECMA-48).
///
/// The same bytes give the same parts however they arrive.
struct SequenceParser: Sendable {
  /// A part of what was written.
  enum Part: Hashable, Sendable {
    case character(Unicode.Scalar)
    case control(UInt8)
    /// `ESC intermediates final`.
    case escape(String)
    case sequence(ControlSequence)
    /// `ESC ] text BEL`, an operating system command.
    case command(String)
    /// A string that only some terminals take: DCS, APC, PM, SOS.
    case string(String)
  }

  private enum State: Sendable {
    case ground
    case escape
    case sequence
    case command
    case string
  }

  private var state = State.ground
  private var pending: [UInt8] = []
  /// Whether ESC has come inside of a string, which `\` would end.
  private var isEnding = false

  /// The parts that are complete with these bytes.
  mutating func parts(of bytes: some Sequence<UInt8>) -> [Part] {
    var parts: [Part] = []
    for byte in bytes { step(byte, into: &parts) }
    return parts
  }

  private mutating func step(_ byte: UInt8, into parts: inout [Part]) {
    switch state {
    case .ground: ground(byte, into: &parts)
    case .escape: escape(byte, into: &parts)
    case .sequence: sequence(byte, into: &parts)
    case .command, .string: text(byte, into: &parts)
    }
  }

  private mutating func begin(_ state: State) {
    self.state = state
    pending = []
    isEnding = false
  }

  private mutating func ground(_ byte: UInt8, into parts: inout [Part]) {
    if byte & 0xC0 == 0x80, !pending.isEmpty {
      pending.append(byte)
    } else {
      if !pending.isEmpty { parts.append(.character("\u{FFFD}")) }
      pending = []
      switch byte {
      case 0x1B: return begin(.escape)
      case ..<0x20, 0x7F: return parts.append(.control(byte))
      case ..<0x80: return parts.append(.character(Unicode.Scalar(byte)))
      default: pending = [byte]
      }
    }
    let length = pending[0] < 0xE0 ? 2 : pending[0] < 0xF0 ? 3 : 4
    guard pending.count == length else { return }
    parts += String(decoding: pending, as: UTF8.self).unicodeScalars.map(Part.character)
    pending = []
  }

  private mutating func escape(_ byte: UInt8, into parts: inout [Part]) {
    switch byte {
    case 0x1B: begin(.escape)
    case ..<0x20: parts.append(.control(byte))
    case 0x20...0x2F: pending.append(byte)
    case UInt8(ascii: "[") where pending.isEmpty: begin(.sequence)
    case UInt8(ascii: "]") where pending.isEmpty: begin(.command)
    case UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
      begin(.string)
    default:
      parts.append(.escape(String(decoding: pending + [byte], as: UTF8.self)))
      begin(.ground)
    }
  }

  private mutating func sequence(_ byte: UInt8, into parts: inout [Part]) {
    switch byte {
    case 0x1B: begin(.escape)
    case ..<0x20: parts.append(.control(byte))
    case 0x40...0x7E:
      parts.append(.sequence(ControlSequence(pending, final: byte)))
      begin(.ground)
    default: pending.append(byte)
    }
  }

  private mutating func text(_ byte: UInt8, into parts: inout [Part]) {
    if byte == 0x07 || isEnding && byte == UInt8(ascii: "\\") {
      let text = String(decoding: pending, as: UTF8.self)
      parts.append(state == .command ? .command(text) : .string(text))
      begin(.ground)
    } else if isEnding {
      begin(.escape)
      escape(byte, into: &parts)
    } else if byte == 0x1B {
      isEnding = true
    } else {
      pending.append(byte)
    }
  }
}

/// `ESC [ prefix parameters intermediates final`.
struct ControlSequence: Hashable, Sendable {
  /// `?`, `>` and the like before the parameters, and what stands between them and the final character.
  let marks: String
  /// The parameters, each with what follows it after colons; nil where one is left out.
  let parameters: [[Int?]]
  let final: Character

  init(_ body: [UInt8], final: UInt8) {
    let digits = body.filter { (0x30...0x3B).contains($0) }
    marks = String(decoding: body.filter { !(0x30...0x3B).contains($0) }, as: UTF8.self)
    parameters = String(decoding: digits, as: UTF8.self)
      .split(separator: ";", omittingEmptySubsequences: false)
      .map { $0.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) } }
    self.final = Character(Unicode.Scalar(final))
  }

  /// A parameter; what it stands for if it is left out.
  func number(_ index: Int = 0, or usual: Int = 0) -> Int {
    guard parameters.indices.contains(index) else { return usual }
    return parameters[index].first.flatMap { $0 } ?? usual
  }

  /// How often: at least once.
  var count: Int { max(1, number(0, or: 1)) }
}
