import PseudoTerminal
import Testing

/// What is drawn where the locale has only some characters, or is not there at all.
@Suite struct LocalesTests {
  private func firstScreen(_ locale: String) throws -> [String] {
    let home = try Home()
    let launch = home.launch(
      .explorer, [try home.smallModel()], changing: ["LC_ALL": "", "LANG": locale])
    let user = try User(home, starts: launch)
    try user.sees("1 LAYERS", "0.conv1 .*100%", "q quit")
    let lines = user.screen.lines
    try user.leaves()
    return lines
  }

  @Test func aLocaleThatIsNotInstalledDrawsNoQuestionMarks() throws {
    let lines = try firstScreen("xx_XX.UTF-8")
    // Unknown figures are single ones.
    #expect(!lines.joined().contains("??"), "\(lines.joined(separator: "\n"))")
  }

  @Test(arguments: ["C", "xx_XX"])
  func aLocaleWithoutUnicodeIsDrawnWithASCII(locale: String) throws {
    let lines = try firstScreen(locale)
    #expect(lines.joined().utf8.count == lines.joined().unicodeScalars.count)
    #expect(!lines.joined().contains("??"))
  }
}
