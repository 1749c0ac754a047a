import TerminalKit
import TestSupport
import Testing

struct WidgetTests {
  @Test func theSelectionStaysVisible() {
    var offset = 0
    var random = SplitMix(state: 9)
    for _ in 0..<3000 {
      let count = Int.random(in: 0...50, using: &random)
      let visible = Int.random(in: 0...12, using: &random)
      let selected = Int.random(in: 0...max(0, count - 1), using: &random)
      let margin = Int.random(in: 0...4, using: &random)
      offset = ListScroll.offset(
        offset, selected: selected, count: count, visible: visible, margin: margin)
      #expect(offset >= 0 && offset <= max(0, count - visible))
      if visible > 0, count > 0 { #expect((offset..<offset + visible).contains(selected)) }
    }
  }

  @Test func aListMovesAsLittleAsPossible() {
    #expect(ListScroll.offset(5, selected: 7, count: 50, visible: 10) == 5)
    #expect(ListScroll.offset(5, selected: 15, count: 50, visible: 10) == 6)
    #expect(ListScroll.offset(5, selected: 4, count: 50, visible: 10) == 4)
    #expect(ListScroll.offset(5, selected: 14, count: 50, visible: 10, margin: 2) == 7)
    #expect(ListScroll.offset(45, selected: 2, count: 8, visible: 10) == 0)
  }

  @Test func listsShowASelectionAndAScrollBar() {
    var frame = Frame(size: Size(width: 10, height: 3))
    let rows = (1...9).map { [Span("conv\($0)")] }
    frame.draw(ListView(rows, selected: 4, offset: 3), in: frame.bounds)
    #expect(frame.text == "conv4    │\nconv5    █\nconv6    │")
    #expect(frame[Point(x: 0, y: 1)]?.style.background == .palette(.selection))
    #expect(frame[Point(x: 0, y: 0)]?.style.background == .terminalDefault)
  }

  @Test func menusSayWhyAnItemIsDisabled() {
    var frame = Frame(size: Size(width: 28, height: 2))
    let items = [
      Menu.Item("export", note: "x"), Menu.Item("undo", whyDisabled: "nothing to undo"),
    ]
    frame.draw(Menu(items, selected: 1), in: frame.bounds)
    #expect(frame.text == "  export                   x\n▶ undo       nothing to undo")
  }

  @Test func dialogsAreCentred() {
    var frame = Frame(size: Size(width: 34, height: 7))
    let dialog = Dialog(
      title: "Overwrite?", message: "pruned.onnx exists.", buttons: ["Cancel", "Overwrite"])
    frame.draw(dialog, in: frame.bounds)
    #expect(
      frame.text == """

          ┌Overwrite?─────────────────┐
          │ pruned.onnx exists.       │
          │                           │
          │ [Cancel]   Overwrite      │
          └───────────────────────────┘

        """)
    #expect(dialog.region(in: frame.bounds).height == 5)
  }

  @Test(arguments: [
    ([Key.character("x")], "abcx", 4), ([.left, .left, .character("x")], "axbc", 2),
    ([.home, .delete], "bc", 0), ([.backspace, .backspace, .backspace, .backspace], "", 0),
    ([.control("u")], "", 0), ([.home, .control("k")], "", 0),
    ([.character(" "), .character("d"), .control("w")], "abc ", 4), ([.right, .end], "abc", 3),
    ([.alt("b"), .character("x")], "xabc", 1), ([.home, .alt("f"), .character("x")], "abcx", 4),
    ([.character("\u{301}"), .backspace], "ab", 2),
  ])
  func editing(keys: [Key], text: String, cursor: Int) {
    var field = TextField("abc")
    for key in keys {
      let isHandled = field.handle(key)
      #expect(isHandled)
    }
    #expect(field.text == text)
    #expect(field.cursor == cursor)
  }

  @Test func keysThatMeanNothingAreLeftToOthers() {
    var field = TextField("abc")
    for key: Key in [.escape, .enter, .tab, .up, .function(1), .control("z")] {
      let isHandled = field.handle(key)
      #expect(!isHandled)
    }
    #expect(field == TextField("abc"))
  }

  @Test func pastesBecomeOneLineOfAtMostTheLimit() {
    var field = TextField("a", limit: 8)
    field.insert("b\nc\u{1B}[31m\td漢字")
    #expect(field.text == "ab c[31m")
    #expect(field.cursor == 8)
  }

  @Test func randomEditingKeepsTheCursorInside() {
    var random = SplitMix(state: 21)
    let keys: [Key] = [
      .left, .right, .home, .end, .backspace, .delete, .control("w"), .control("k"), .alt("b"),
      .alt("f"), .character("\u{301}"), .character("\u{200D}"), .character("🇩"), .character("漢"),
    ]
    var field = TextField(limit: 20)
    for _ in 0..<5000 {
      _ = field.handle(keys.randomElement(using: &random) ?? .left)
      if Bool.random(using: &random) { field.insert(random.text(2)) }
      #expect((0...field.text.count).contains(field.cursor))
      #expect(field.text.count <= 20)
    }
  }

  @Test func aLongTextScrollsToItsCursor() {
    var frame = Frame(size: Size(width: 10, height: 1))
    frame.draw(TextFieldView(TextField("abcdefghijklm"), prompt: "/"), in: frame.bounds)
    #expect(frame.text == "/fghijklm")
    #expect(frame.cursor == Point(x: 9, y: 0))
  }
}
