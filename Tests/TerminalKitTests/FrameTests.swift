import TerminalKit
import TestSupport
import Testing

struct FrameTests {
  /// Wide characters own exactly the cell to their right, in the same style.
  static func isConsistent(_ frame: Frame) -> Bool {
    (0..<frame.size.height).allSatisfy { y in
      (0..<frame.size.width).allSatisfy { x in
        guard let cell = frame[Point(x: x, y: y)] else { return false }
        switch cell.width {
        case 0: return frame[Point(x: x - 1, y: y)]?.width == 2 && cell.text.isEmpty
        case 2:
          let next = frame[Point(x: x + 1, y: y)]
          return next?.width == 0 && next?.style == cell.style
        default: return cell.text.displayWidth == 1
        }
      }
    }
  }

  @Test(arguments: [-100, -3, -1, 0, 1, 5, 9, 10, 100, Int.max, .min])
  func textIsClippedAnywhere(x: Int) {
    var frame = Frame(size: Size(width: 10, height: 2))
    for y in [-1, 0, 1, 2, Int.max, .min] { frame.put("漢字abc漢", at: Point(x: x, y: y)) }
    #expect(Self.isConsistent(frame))
  }

  @Test func aWideCharacterCutAtTheEdgeLeavesASpace() {
    var frame = Frame(size: Size(width: 4, height: 1))
    frame.put("a漢字", at: .zero)
    #expect(frame.text == "a漢")
    frame.put("漢", at: Point(x: -1, y: 0))
    #expect(frame.text == " 漢")
  }

  @Test func overwritingHalfOfAWideCharacterBlanksTheOther() {
    var frame = Frame(size: Size(width: 6, height: 1))
    frame.put("漢字漢", at: .zero)
    frame.put("x", at: Point(x: 1, y: 0))
    #expect(frame.text == " x字漢")
    frame.put("字", at: Point(x: 3, y: 0))
    #expect(frame.text == " x 字")
    #expect(Self.isConsistent(frame))
  }

  @Test func randomDrawingKeepsTheGridConsistent() {
    var random = SplitMix(state: 7)
    for _ in 0..<300 {
      let size = Size(
        width: .random(in: 0...12, using: &random), height: .random(in: 0...4, using: &random))
      var frame = Frame(
        size: size, glyphs: GlyphSet.allCases.randomElement(using: &random) ?? .ascii)
      for _ in 0..<12 {
        let point = Point(
          x: .random(in: -4...14, using: &random), y: .random(in: -1...4, using: &random))
        let rect = Rect(
          x: point.x, y: point.y, width: .random(in: 0...9, using: &random),
          height: .random(in: 0...4, using: &random))
        frame.put(random.text(4), at: point, style: Style(.accent))
        frame.fill(rect, with: random.text(1), style: Style(.bad))
        frame.restyle(rect) { $0 = $0.on(.palette(.selection)) }
        frame.box(rect, title: random.text(2))
        frame.put(random.text(5), in: rect, alignment: .trailing)
      }
      #expect(Self.isConsistent(frame))
    }
  }

  @Test func asciiFramesHoldOnlyASCII() {
    var random = SplitMix(state: 3)
    var frame = Frame(size: Size(width: 60, height: 10), glyphs: .ascii)
    for y in 0..<9 { frame.put("▶● ▾ Δacc −0.21 ⠿⠇ é漢🎉…" + random.text(9), at: Point(x: 0, y: y)) }
    frame.box(frame.bounds, title: "RÉSUMÉ")
    #expect(frame.text.utf8.allSatisfy { $0 < 0x80 })
    #expect(frame.lines[1].hasPrefix("|* v dacc -0.21 ** e? ? ."))
  }

  @Test func boxesAndRulesHaveTitles() {
    var frame = Frame(size: Size(width: 24, height: 5))
    let inner = frame.box(Rect(x: 0, y: 0, width: 24, height: 4), title: "LAYERS")
    frame.put("conv1", in: inner.row(0), alignment: .centre)
    frame.rule(
      Rect(x: 0, y: 4, width: 24, height: 1), title: "REWARD", note: "best .831")
    #expect(
      frame.text == """
        ┌LAYERS────────────────┐
        │        conv1         │
        │                      │
        └──────────────────────┘
        ─REWARD───── best .831 ─
        """)
  }

  @Test func aClipProtectsWhatIsOutside() {
    var frame = Frame(size: Size(width: 6, height: 1))
    frame.put("......", at: .zero)
    frame.clipped(to: Rect(x: 2, y: 0, width: 2, height: 1)) { $0.put("abcdef", at: .zero) }
    #expect(frame.text == "..cd..")
  }

  @Test func resizingKeepsWhatFits() {
    var frame = Frame(size: Size(width: 6, height: 2))
    frame.put("漢字漢", at: .zero)
    frame.cursor = Point(x: 5, y: 1)
    let small = frame.resized(to: Size(width: 3, height: 1))
    #expect(small.text == "漢")
    #expect(small.cursor == nil)
    #expect(frame.resized(to: .zero).text == "")
  }
}
