/// Turns the bytes that a terminal sends into events.
///
/// The same bytes give the same events however they are cut into pieces, unless a piece is very late: then the
/// escape key was pressed, or the end of a paste is lost. No bytes can trap it: what is malformed is dropped. It stands in for ncurses' own reading of keys, which has no event for a paste, loses
/// the mouse beyond column 223 on many terminals, and cannot be tested without a terminal.
package struct InputDecoder: Sendable {
  /// The parse of the beginning of the buffer.
  enum Step {
    /// An event, or nothing worth one, and how many bytes it took.
    case found(Event?, length: Int)
    /// More bytes are needed.
    case incomplete
  }

  /// Pasted text of which more may come.
  private enum Paste {
    case open([UInt8])
    /// Nothing has come for so long that its end may be lost: a lone key is one again.
    case stale
  }

  /// A lone ESC that nothing follows for so long is the escape key.
  private static let escapePatience = Duration.milliseconds(50)
  /// The rest of a sequence that has begun may take longer: nobody types one.
  private static let sequencePatience = Duration.milliseconds(500)
  private static let pastePatience = Duration.seconds(1)
  private static let pasteLimit = 1 << 20
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  private let extraKeys: [[UInt8]: Key]
  private var buffer: [UInt8] = []
  private var paste: Paste?
  /// When the last bytes came.
  private var lastRead: ContinuousClock.Instant?
  /// When a lone ESC was taken for the escape key: the rest of a sequence may follow nevertheless.
  private var lastEscape: ContinuousClock.Instant?

  /// Makes a decoder that also knows the keys of a terminal's description.
  package init(extraKeys: [[UInt8]: Key] = [:]) {
    self.extraKeys = extraKeys.filter { $0.key.count > 1 && $0.key.first == 0x1B }
  }

  /// When `expire` is to be called, because nothing more has come; nil if nothing waits.
  package var deadline: ContinuousClock.Instant? {
    switch paste {
    case .open: lastRead.map { $0 + Self.pastePatience }
    case .stale: nil
    case nil where buffer.isEmpty: nil
    case nil:
      lastRead.map { $0 + (buffer == [0x1B] ? Self.escapePatience : Self.sequencePatience) }
    }
  }

  /// Takes bytes, returns the events that are complete.
  package mutating func feed(
    _ bytes: some Sequence<UInt8>, at now: ContinuousClock.Instant
  ) -> [Event] {
    let bytes = Array(bytes)
    if case .stale = paste { paste = isOneKey(bytes) ? nil : .open([]) }
    // The rest of a sequence whose ESC came so early that it was taken for a key.
    if let escape = lastEscape, now < escape + Self.sequencePatience, buffer.isEmpty,
      ["[", "O"].contains(bytes.first.map { Character(Unicode.Scalar($0)) }),
      case .found(_, let length) = EscapeSequence.step([0x1B] + bytes), length > 2
    {
      buffer = [0x1B]
    }
    lastEscape = nil
    lastRead = now
    buffer += bytes
    return drain(final: false)
  }

  /// Decides what waits if its time is over: a lone ESC is the escape key, a paste without an end is one.
  package mutating func expire(at now: ContinuousClock.Instant) -> [Event] {
    guard let deadline, now >= deadline else { return [] }
    guard case .open(let text) = paste else {
      if buffer == [0x1B] { lastEscape = now }
      return drain(final: true)
    }
    paste = .stale
    buffer = []
    return text.isEmpty ? [] : [.paste(PastedText.clean(text))]
  }

  /// Decides what waits, because nothing will follow.
  package mutating func flush() -> [Event] {
    drain(final: true)
  }

  /// Whether the bytes are what a single key sends.
  private func isOneKey(_ bytes: [UInt8]) -> Bool {
    if bytes.count == 1 { return true }
    guard case .found(_, let length) = step(bytes[...]) else { return false }
    return length == bytes.count
  }

  private mutating func drain(final: Bool) -> [Event] {
    var events: [Event] = []
    var position = 0
    loop: while position < buffer.count {
      if case .open(let text) = paste {
        position = collectPaste(text, from: position, into: &events)
        if paste != nil { break loop }
        continue
      }
      switch step(buffer[position...]) {
      case .found(let event, let length):
        position += length
        if let event { events.append(event) }
        if isPasteStart(position: position, length: length) { paste = .open([]) }
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
  private mutating func collectPaste(
    _ text: [UInt8], from start: Int, into events: inout [Event]
  ) -> Int {
    let mark = Self.pasteEnd
    let bytes = buffer[start...]
    let end = bytes.indices.first { bytes[$0] == 0x1B && bytes[$0...].starts(with: mark) }
    var held = 0
    if end == nil {
      held =
        (1..<mark.count).reversed().first { bytes.suffix($0).elementsEqual(mark.prefix($0)) } ?? 0
    }
    let stop = end ?? (bytes.endIndex - held)
    let room = Self.pasteLimit - text.count
    let longer = text + bytes[..<stop].prefix(max(0, room))
    guard let end else {
      paste = .open(longer)
      return stop
    }
    events.append(.paste(PastedText.clean(longer)))
    paste = nil
    return end + mark.count
  }
}
