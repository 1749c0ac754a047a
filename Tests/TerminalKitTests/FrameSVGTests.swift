import TerminalKit
import TestSupport
import Testing

struct FrameSVGTests {
  static let theme = Theme(
    name: "t",
    colors: [
      .text: .rgb(RGB(hex: "dddddd") ?? RGB(0, 0, 0)), .background: .rgb(RGB(0, 0, 0x20)),
      .selection: .rgb(RGB(0, 0, 0x80)), .bad: .ansi(196),
    ],
    heat: [.rgb(RGB(0, 0, 0)), .rgb(RGB(255, 255, 255))])

  /// The elements between the sheet and the end of the picture.
  static func elements(_ frame: Frame, _ theme: Theme = theme) -> [String] {
    frame.svg(theme: theme).split(separator: "\n").dropFirst(2).dropLast().map(String.init)
  }

  /// One element in one row: the columns it begins at and takes, its attributes, its text.
  static func text(_ x: Int, _ columns: Int, _ looks: String, _ text: String) -> String {
    """
    <text x="\(9 * x)" y="14" textLength="\(9 * columns)" lengthAdjust="spacingAndGlyphs" \
    fill="\(looks)>\(text)</text>
    """
  }

  @Test func runsHaveTheColoursOfTheirStyles() {
    var frame = Frame(size: Size(width: 16, height: 1))
    frame.put(
      [
        Span("a b"), Span("!", Style(.bad, .bold)), Span("漢字", .selected), Span("⠿⠇"),
        Span(" ", Style(.text, .underline)),
        Span("r", Style(.bad, .reverse)), Span("d", Style(.text, [.dim, .italic])),
        Span("h", Style(.heat(1), on: .ansi(4))),
      ], at: .zero)
    #expect(
      Self.elements(frame) == [
        ##"<rect x="36" y="0" width="36" height="17" fill="#000080"/>"##,
        ##"<rect x="99" y="0" width="9" height="17" fill="#ff0000"/>"##,
        ##"<rect x="117" y="0" width="9" height="17" fill="#0000ee"/>"##,
        Self.text(0, 3, ##"#dddddd""##, "a b"),
        Self.text(3, 1, ##"#ff0000" font-weight="bold""##, "!"),
        Self.text(4, 4, ##"#dddddd""##, "漢字"),
        Self.text(8, 2, ##"#dddddd""##, "⠿⠇"),
        Self.text(10, 1, ##"#dddddd" text-decoration="underline""##, " "),
        Self.text(11, 1, ##"#000020""##, "r"),
        Self.text(12, 1, ##"#858591" font-style="italic""##, "d"),
        Self.text(13, 1, ##"#ffffff""##, "h"),
      ])
  }

  @Test func whatIsTheTerminalsOwnIsXterms() {
    var frame = Frame(size: Size(width: 3, height: 1))
    frame.put([Span("a"), Span("b", .selected), Span("c", Style(.good))], at: .zero)
    frame.cursor = .zero
    #expect(frame.svg(theme: .default).contains(##"height="17" fill="#000000"/>"##))
    #expect(
      Self.elements(frame, .default) == [
        ##"<rect x="0" y="0" width="18" height="17" fill="#e5e5e5"/>"##,
        Self.text(0, 2, ##"#000000""##, "ab"), Self.text(2, 1, ##"#00cd00""##, "c"),
      ])
  }

  /// A small grammar stands in for an XML parser: all of each line is one element of it.
  @Test(arguments: [Size.zero, Size(width: 1, height: 1), Size(width: 40, height: 12)])
  func anyTextIsWellFormedAndInItsPlace(size: Size) throws {
    let rectangle = /<rect(?: [a-z]+="[^"<&]*")*\/>/
    let text =
      /<text x="(\d+)" y="(\d+)"(?: [a-zA-Z-]+="[^"<&]*")*>((?:[^<>&\u{0}-\u{1F}\u{FFFE}\u{FFFF}]|&(?:amp|lt|gt);)*)<\/text>/
      .matchingSemantics(.unicodeScalar)
    var random = SplitMix(state: 5)
    for _ in 0..<20 {
      var frame = Frame(size: size)
      for y in 0..<size.height {
        let pieces = ["<&>\u{301}", "\"'", "\u{1B}", "\u{FFFE}\u{FFFF}", "]]>", "&amp;", "    "]
        let styles = [Style.plain, .accent, .selected, Style(.bad, .underline)]
        let spans = (0..<6).map { _ in
          Span(
            random.text(2) + (pieces.randomElement(using: &random) ?? ""),
            styles.randomElement(using: &random) ?? .plain)
        }
        frame.put(spans, at: Point(x: 0, y: y))
      }
      let lines = frame.svg(theme: Self.theme).split(separator: "\n")
      #expect(lines.first?.hasPrefix(#"<svg xmlns="http://www.w3.org/2000/svg" "#) == true)
      #expect(lines.last == "</svg>")
      var copy = Frame(size: size)
      for line in lines.dropFirst().dropLast() {
        if let match = try text.wholeMatch(in: line) {
          let point = Point(x: (Int(match.1) ?? 0) / 9, y: (Int(match.2) ?? 0) / 17)
          copy.put(Self.unescaped(match.3), at: point)
        } else {
          #expect(try rectangle.wholeMatch(in: line) != nil, "\(line)")
        }
      }
      #expect(copy.text == frame.text.replacing(/[\u{FFFE}\u{FFFF}]/, with: "\u{FFFD}"))
    }
  }

  /// Looks at scalars: a mark may follow the semicolon.
  private static func unescaped(_ text: Substring) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
    return entities.reduce(into: String(text)) { text, entity in
      text = String(
        text.unicodeScalars.replacing(entity.0.unicodeScalars, with: entity.1.unicodeScalars))
    }
  }
}
