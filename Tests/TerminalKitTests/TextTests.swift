import TerminalKit
import Testing

struct TextTests {
  @Test(arguments: [
    ("", 0), ("conv1", 5), ("漢字", 4), ("e\u{301}", 1), ("é", 1), ("🎉", 2), ("한글", 4),
    ("\u{1112}\u{1161}\u{11AB}", 2), ("ｆｕｌｌ", 8), ("─●▶⠿█", 5), ("a\u{200B}b", 2),
    ("👩‍👩‍👧", 2), ("👍🏽", 2), ("❤️", 1), ("🇩🇪", 2), ("คำ", 2), ("\u{1B}[31m", 5),
  ])
  func widthsAreThoseOfTerminals(text: String, columns: Int) {
    #expect(text.displayWidth == columns)
  }

  @Test(arguments: ["\u{1B}]52;c;AAAA\u{07}", "a\nb", "\u{9B}31m", "\u{202E}abc", "\u{7F}"])
  func controlsNeverReachAFrame(text: String) {
    var frame = Frame(size: Size(width: 20, height: 1))
    frame.put(text, at: .zero)
    let isClean = frame.text.unicodeScalars.allSatisfy {
      ![.control, .format].contains($0.properties.generalCategory)
    }
    #expect(isClean)
  }

  @Test(arguments: [
    ("layer1.conv1", 12, "layer1.conv1"), ("layer1.conv1", 8, "layer1.…"), ("漢字漢字", 5, "漢字…"),
    ("漢字漢字", 4, "漢…"), ("abc", 1, "…"), ("abc", 0, ""),
  ])
  func truncationFits(text: String, columns: Int, expected: String) {
    #expect(text.truncated(toColumns: columns) == expected)
  }

  @Test func wrappingBreaksAtSpacesAndCutsLongWords() {
    #expect("the quick brown fox".wrapped(toColumns: 9) == ["the quick", "brown fox"])
    #expect("abcdefgh ij".wrapped(toColumns: 3) == ["abc", "def", "gh", "ij"])
    #expect("a\n\nb".wrapped(toColumns: 5) == ["a", "", "b"])
    #expect("漢字".wrapped(toColumns: 1).allSatisfy { $0.displayWidth <= 1 })
  }
}
