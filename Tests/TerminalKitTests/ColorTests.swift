import TerminalKit
import Testing

struct ColorTests {
  @Test(arguments: [
    ("#ff8000", RGB(255, 128, 0)), ("FF8000", RGB(255, 128, 0)), ("f80", RGB(255, 136, 0)),
  ])
  func hex(text: String, color: RGB) {
    #expect(RGB(hex: text) == color)
  }

  @Test(arguments: ["", "#", "12345", "1234567", "gggggg", "+12345", "0x1234", "－12345"])
  func badHex(text: String) {
    #expect(RGB(hex: text) == nil)
  }

  @Test func paletteColorsAreTheirOwnNearest() {
    for index in UInt8(16)...255 {
      let color = XtermPalette.color(at: index)
      #expect(XtermPalette.color(at: XtermPalette.nearest256(color)) == color)
    }
  }

  @Test func contrastIsThatOfWCAG() {
    let (black, white) = (RGB(0, 0, 0), RGB(255, 255, 255))
    #expect(abs(black.contrast(with: white) - 21) < 1e-9)
    #expect(abs(RGB(118, 118, 118).contrast(with: white) - 4.54) < 0.01)
  }

  @Test(arguments: [
    (ResolvedColor.rgb(RGB(255, 0, 0)), ColorDepth.truecolor, ResolvedColor.rgb(RGB(255, 0, 0))),
    (.rgb(RGB(255, 0, 0)), .indexed256, .ansi(196)), (.rgb(RGB(255, 0, 0)), .ansi16, .ansi(9)),
    (.rgb(RGB(255, 0, 0)), .ansi8, .ansi(1)), (.rgb(RGB(255, 0, 0)), .mono, .terminal),
    (.rgb(RGB(8, 8, 8)), .indexed256, .ansi(232)), (.ansi(12), .ansi8, .ansi(4)),
    (.ansi(196), .ansi16, .ansi(9)), (.ansi(12), .truecolor, .ansi(12)),
    (.terminal, .truecolor, .terminal),
  ])
  func depths(color: ResolvedColor, depth: ColorDepth, expected: ResolvedColor) {
    #expect(color.reduced(to: depth) == expected)
  }

  @Test(arguments: [
    (256, [:], ColorDepth.indexed256), (256, ["NO_COLOR": "1"], .mono),
    (256, ["NO_COLOR": ""], .indexed256), (8, [:], .ansi8), (16, [:], .ansi16), (-1, [:], .mono),
    (1 << 24, [:], .truecolor), (88, [:], .ansi16),
  ])
  func detection(colors: Int, environment: [String: String], depth: ColorDepth) {
    #expect(ColorDepth.detect(colors: colors, environment: environment) == depth)
  }

  @Test(arguments: [
    ("xterm-256color", "truecolor", ["xterm-direct", "xterm-256color"]),
    ("xterm-kitty", "24bit", ["xterm-direct", "xterm-kitty"]),
    ("tmux-256color", "truecolor", ["tmux-direct", "tmux-256color"]),
    ("screen", "truecolor", ["tmux-direct", "screen"]), ("xterm-256color", "", ["xterm-256color"]),
    ("xterm-direct", "truecolor", ["xterm-direct"]),
  ])
  func descriptions(term: String, colorterm: String, names: [String]) {
    #expect(TerminalKind.candidates(term: term, environment: ["COLORTERM": colorterm]) == names)
  }

  @Test(arguments: [
    (["LANG": "en_US.UTF-8"], GlyphSet.braille), (["LANG": "C"], .ascii), ([:], .ascii),
    (["LANG": "de_DE.utf8", "LC_ALL": "C"], .ascii), (["LC_CTYPE": "C.UTF-8"], .braille),
    (["LC_ALL": "", "LANG": "C.utf8"], .braille), (["LANG": "ja_JP.eucJP"], .ascii),
  ])
  func glyphs(environment: [String: String], expected: GlyphSet) {
    #expect(GlyphSet.detect(environment: environment) == expected)
  }
}
