import TerminalKit
import TestSupport
import Testing

struct InputDecoderTests {
  static let start = ContinuousClock.now

  static func decode(_ text: String) -> [Event] {
    var decoder = InputDecoder()
    return decoder.feed(Array(text.utf8), at: Self.start) + decoder.flush()
  }

  @Test(arguments: [
    ("a", Key.character("a")), (" ", .character(" ")), ("é", .character("é")),
    ("漢", .character("漢")), ("\r", .enter), ("\t", .tab), ("\u{7F}", .backspace),
    ("\u{08}", .backspace), ("\u{04}", .control("d")), ("\u{1A}", .control("z")),
    ("\u{00}", .control("@")), ("\u{1B}", .escape), ("\u{1B}x", .alt("x")), ("\u{1B}[A", .up),
    ("\u{1B}OB", .down), ("\u{1B}[1;5C", .right), ("\u{1B}[Z", .backtab), ("\u{1B}[5~", .pageUp),
    ("\u{1B}[3;2~", .delete), ("\u{1B}[H", .home), ("\u{1B}[4~", .end), ("\u{1B}OP", .function(1)),
    ("\u{1B}[15~", .function(5)), ("\u{1B}[24~", .function(12)), ("\u{1B}[[C", .function(3)),
    ("\u{1B}[", .alt("[")),
  ])
  func keys(bytes: String, key: Key) {
    #expect(Self.decode(bytes) == [.key(key)])
  }

  @Test(arguments: [
    ("\u{1B}[<0;1;1M", MouseEvent.Action.press(.left), 0, 0),
    ("\u{1B}[<2;300;40M", .press(.right), 299, 39), ("\u{1B}[<0;3;4m", .release, 2, 3),
    ("\u{1B}[<64;5;6M", .wheelUp, 4, 5), ("\u{1B}[<65;5;6M", .wheelDown, 4, 5),
    ("\u{1B}[<32;5;6M", .drag(.left), 4, 5), ("\u{1B}[M !!", .press(.left), 0, 0),
  ])
  func mouse(bytes: String, action: MouseEvent.Action, x: Int, y: Int) {
    #expect(Self.decode(bytes) == [.mouse(MouseEvent(action, at: Point(x: x, y: y)))])
  }

  @Test func aPasteIsOneEventWithoutControls() {
    let events = Self.decode("a\u{1B}[200~q\r\nx\u{1B}[31m\u{03}\ty\u{1B}[201~b")
    #expect(events == [.key(.character("a")), .paste("q\nx[31m\ty"), .key(.character("b"))])
  }

  @Test(arguments: [
    "\u{1B}[99;99~", "\u{1B}[?1;2c", "\u{1B}]11;rgb:0/0/0\u{07}", "\u{1B}P1$r0m\u{1B}\\",
    "\u{1B}[<0;0;0M", "\u{1B}[<1M", "\u{1B}[I",
  ])
  func whatIsNoKeyIsDropped(bytes: String) {
    #expect(Self.decode(bytes + "x") == [.key(.character("x"))])
  }

  @Test func badUTF8IsDropped() {
    var decoder = InputDecoder()
    let bytes: [UInt8] = [0xFF, 0xC3, 0x41, 0x80, 0xE2, 0x82, 0x42, 0xED, 0xA0, 0x80, 0x43]
    let events = decoder.feed(bytes, at: Self.start) + decoder.flush()
    #expect(events == ["A", "B", "C"].map { .key(.character($0)) })
  }

  @Test func aLoneEscapeWaitsForMore() {
    var decoder = InputDecoder()
    let none = decoder.feed([0x1B], at: Self.start)
    #expect(none.isEmpty)
    #expect(decoder.deadline != nil)
    let arrow = decoder.feed(Array("[A".utf8), at: Self.start)
    #expect(arrow == [.key(.up)])
    #expect(decoder.deadline == nil)
  }

  /// Feeds pieces that come so many milliseconds after the one before, with what falls due in between.
  static func decode(_ pieces: [(milliseconds: Int, bytes: String)]) -> [Event] {
    var decoder = InputDecoder()
    var now = start
    var events: [Event] = []
    for (milliseconds, bytes) in pieces {
      now += .milliseconds(milliseconds)
      while let deadline = decoder.deadline, deadline <= now {
        events += decoder.expire(at: deadline)
      }
      events += decoder.feed(Array(bytes.utf8), at: now)
    }
    while let deadline = decoder.deadline { events += decoder.expire(at: deadline) }
    return events
  }

  /// Slow connections deliver sequences in pieces.
  @Test(arguments: ["\u{1B}[A", "\u{1B}OA", "\u{1B}[200~q\u{1B}[201~", "\u{1B}[<0;3;4M"])
  func aSequenceInTwoPiecesIsOne(sequence: String) {
    let whole = Self.decode(sequence)
    for cut in 1..<sequence.utf8.count {
      let pieces = [
        (0, String(sequence.unicodeScalars.prefix(cut))),
        (40, String(sequence.unicodeScalars.dropFirst(cut))),
      ]
      #expect(Self.decode(pieces) == whole, "cut at \(cut)")
    }
  }

  @Test func whatFollowsALateEscapeIsStillNoText() {
    let events = Self.decode([(0, "\u{1B}"), (200, "[200~q\u{1B}[201~")])
    #expect(events == [.key(.escape), .paste("q")])
  }

  @Test(arguments: [0, 60, 600])
  func keysAfterTheEscapeKeyAreKeys(milliseconds: Int) {
    let events = Self.decode([(0, "\u{1B}"), (60, "["), (milliseconds, "A")])
    #expect(events == [.key(.escape), .key(.character("[")), .key(.character("A"))])
  }

  @Test func theEscapeKeyIsDecidedWithinATwentiethOfASecond() throws {
    var decoder = InputDecoder()
    #expect(decoder.feed([0x1B], at: Self.start).isEmpty)
    let deadline = try #require(decoder.deadline)
    #expect(deadline <= Self.start + .milliseconds(50))
    #expect(decoder.expire(at: Self.start).isEmpty)
    #expect(decoder.expire(at: deadline) == [.key(.escape)])
    #expect(decoder.deadline == nil)
  }

  @Test(arguments: ["j", "\u{1B}[A", "\u{1B}"])
  func aPasteWithoutItsEndDoesNotLockTheKeyboard(key: String) {
    let events = Self.decode([(0, "\u{1B}[200~text"), (3000, key), (1000, "q")])
    #expect(events == [.paste("text")] + Self.decode(key) + [.key(.character("q"))])
  }

  @Test func aPasteThatStallsIsStillOne() {
    let events = Self.decode([
      (0, "\u{1B}[200~one"), (3000, " q two"), (3000, " three\u{1B}[201~"), (0, "j"),
    ])
    #expect(
      events == [.paste("one"), .paste(" q two"), .paste(" three"), .key(.character("j"))])
  }

  /// However the bytes are cut, the events are the same; and no bytes can trap.
  @Test func piecesDoNotMatter() {
    var random = SplitMix(state: 2)
    let parts = [
      "a", "漢", "\u{1B}", "\u{1B}[A", "\u{1B}[<0;10;5M", "\u{1B}[200~", "\u{1B}[201~", "pa\rste",
      "\u{1B}[M!\"#", "\u{1B}]0;t\u{07}", "[", "~", "\u{1B}O", "1;", "\u{00}",
    ]
    for _ in 0..<2000 {
      var bytes: [UInt8] = []
      for _ in 0..<8 { bytes += Array((parts.randomElement(using: &random) ?? "").utf8) }
      if Bool.random(using: &random) { bytes.append(.random(in: 0...255, using: &random)) }
      var whole = InputDecoder()
      let expected = whole.feed(bytes, at: Self.start) + whole.flush()
      var cut = InputDecoder()
      var events: [Event] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...4, using: &random)
        events += cut.feed(rest.prefix(count), at: Self.start)
        rest = rest.dropFirst(count)
      }
      events += cut.flush()
      #expect(events == expected)
    }
  }

  @Test func theTerminalsOwnKeysAreKnown() {
    var decoder = InputDecoder(extraKeys: [Array("\u{1B}[[[9".utf8): .function(20)])
    let events = decoder.feed(Array("\u{1B}[[[9".utf8), at: Self.start)
    #expect(events == [.key(.function(20))])
  }
}
