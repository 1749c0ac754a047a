import Formats
import Testing

@Suite struct FormatErrorTests {
  @Test func isOneLineWhateverTheFileHolds() {
    let hostile = "a\n\u{1B}[2J\u{202E}b" + String(repeating: "x", count: 10_000)
    let text = FormatError("model.json", hostile, remedy: "do this").description
    #expect(text.hasPrefix("model.json: a"))
    #expect(text.count < 700)
    #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" })
  }

  @Test func saysWhatWhereAndWhatToDo() {
    #expect(FormatError("f", "is bad", remedy: "fix it").description == "f: is bad; fix it")
  }
}
