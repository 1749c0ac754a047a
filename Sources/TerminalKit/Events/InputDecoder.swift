/// Turns the bytes that a terminal sends into events.
///
/// The same bytes give the same events however they are cut into pieces. No bytes can trap it: what is
/// malformed is dropped. It stands in for ncurses' own reading of keys, which has no event for a paste, loses
/// the mouse beyond column 223 on many terminals, and cannot be tested without a terminal.
package struct InputDecoder: Sendable {
  /// What was found at the beginning of the buffer.
  enum Step {
    /// An event, or nothing worth one, and how many bytes it took.
    case found(Event?, length: Int)
    /// More bytes are needed.
    case incomplete
  }

  private static let pasteLimit = 1 << 20
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  private let extraKeys: [[UInt8]: Key]
  private var buffer: [UInt8] = []
  private var paste: [UInt8]?

  /// Makes a decoder that also knows the keys of a terminal's description.
  package init(extraKeys: [[UInt8]: Key] = [:]) {
    self.extraKeys = extraKeys.filter { $0.key.count > 1 && $0.key.first == 0x1B }
  }

  /// Whether bytes wait that may be the beginning of a sequence, or may be the escape key.
  package var isUndecided: Bool { !buffer.isEmpty && paste == nil }

  /// Takes bytes, returns the events that are complete.
  package mutating func feed(_ bytes: some Sequence<UInt8>) -> [Event] {
    buffer += bytes
    return drain(final: false)
  }

  /// Decides what waits, because nothing followed in time: a lone ESC is the escape key.
  package mutating func flush() -> [Event] {
    drain(final: true)
  }

  private mutating func drain(final: Bool) -> [Event] {
    var events: [Event] = []
    var position = 0
    loop: while position < buffer.count {
      if paste != nil {
        position = collectPaste(from: position, into: &events)
        if paste != nil { break loop }
        continue
      }
      switch step(buffer[position...]) {
      case .found(let event, let length):
        position += length
        if let event { events.append(event) }
        if isPasteStart(position: position, length: length) { paste = [] }
      case .incomplete:
        guard final else { break loop }
        position += giveUp(buffer[position...], into: &events)
      }
    }
    buffer.removeFirst(position)
    return events
  }

  private func step(_ bytes: ArraySlice<UInt8>) -> Step {
    for (sequence, key) in extraKeys where bytes.starts(with: sequence) {
      return .found(.key(key), length: sequence.count)
    }
    guard let first = bytes.first else { return .incomplete }
    if first == 0x1B { return EscapeSequence.step(bytes) }
    if first < 0x20 || first == 0x7F {
      return .found(.key(KeySequences.key(control: first)), length: 1)
    }
    return UTF8Scalar.step(bytes) { .key(.character($0)) }
  }

  private func giveUp(_ bytes: ArraySlice<UInt8>, into events: inout [Event]) -> Int {
    guard bytes.first == 0x1B else { return bytes.count }
    if bytes.count == 1 {
      events.append(.key(.escape))
    } else if bytes.count == 2, let last = bytes.last, last < 0x80 {
      events.append(.key(.alt(Character(Unicode.Scalar(last)))))
    }
    return bytes.count
  }

  private func isPasteStart(position: Int, length: Int) -> Bool {
    length == 6 && buffer[(position - length)..<position].elementsEqual("\u{1B}[200~".utf8)
  }

  /// Moves pasted bytes out of the buffer up to the end mark; returns where decoding goes on.
  private mutating func collectPaste(from start: Int, into events: inout [Event]) -> Int {
    let mark = Self.pasteEnd
    let bytes = buffer[start...]
    let end = bytes.indices.first { bytes[$0] == 0x1B && bytes[$0...].starts(with: mark) }
    var held = 0
    if end == nil {
      held =
        (1..<mark.count).reversed().first { bytes.suffix($0).elementsEqual(mark.prefix($0)) } ?? 0
    }
    let stop = end ?? (bytes.endIndex - held)
    let room = Self.pasteLimit - (paste?.count ?? 0)
    paste?.append(contentsOf: bytes[..<stop].prefix(max(0, room)))
    guard let end else { return stop }
    events.append(.paste(PastedText.clean(paste ?? [])))
    paste = nil
    return end + mark.count
  }
}
