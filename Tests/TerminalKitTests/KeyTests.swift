import TerminalKit
import Testing

struct KeyTests {
  @Test(arguments: [
    (Key.character("G"), "G"), (.character(" "), "space"), (.control("d"), "^d"), (.tab, "tab"),
    (.backtab, "backtab"), (.escape, "esc"), (.character("^"), "^"), (.alt("x"), "M-x"),
    (.alt(" "), "M-space"), (.function(12), "f12"), (.pageUp, "pgup"), (.character("f"), "f"),
    (.control("@"), "^@"), (.enter, "enter"), (.character("{"), "{"), (.alt("-"), "M--"),
  ])
  func notation(key: Key, text: String) {
    #expect(key.description == text)
    #expect(Key(text) == key)
  }

  @Test(arguments: ["", "f0", "f99", "M-", "^", "ctrl-d", "M-xy", "^dd"])
  func onlyNotationIsRead(text: String) {
    #expect(Key(text) == (text == "^" ? .character("^") : nil))
  }
}
