import PseudoTerminal
import Testing

/// Events that come faster than they can be shown, and text that nobody typed.
@Suite struct StormsTests {
  private let user: User

  init() throws {
    user = try Home().opensSmallModel(columns: 120, rows: 40)
    try user.seesItLoaded()
  }

  @Test func itIsWholeAgainAfterThirtySizesInASearch() throws {
    user.presses("p")
    try user.sees("▶ searching")
    for round in 1...10 {
      user.resizes(columns: 20 + round * 13, rows: 3 + round * 5)
      user.resizes(columns: 150 - round * 9, rows: 50 - round * 4)
      user.resizes(columns: 1, rows: 1)
    }
    user.resizes(columns: 120, rows: 40)
    try user.sees("1 LAYERS", "2 SCORE", "3 DETAIL", "4 PARETO", "q quit")
    user.presses("p")
    try user.seesNoMore("▶ searching")
    try user.leaves()
  }

  @Test func theMouseSelectsScrollsAndIsTurnedOff() throws {
    func expectSelection(_ isFifth: Bool) throws {
      try user.waits(for: "the fifth row \(isFifth ? "" : "not ")selected") {
        $0.lines[4].hasPrefix("▶") == isFifth
      }
    }
    user.clicks(column: 10, row: 5)
    try expectSelection(true)
    user.turnsWheel(column: 10, row: 10)
    try expectSelection(false)
    user.presses("m")
    try user.sees("mouse off")
    #expect(user.screen.modes.mouse.isEmpty)
    user.presses("m")
    try user.sees("mouse on")
    #expect(!user.screen.modes.mouse.isEmpty)
    try user.leaves()
  }

  @Test func pastedTextGoesWhereTextIsTypedAndDoesNothingElse() throws {
    let text = "conv2\nq\u{1B}[A\u{1B}]52;c;YQ==\u{07}"
    user.pastes(text)
    user.presses("/")
    try user.sees("^/")
    user.pastes(text)
    try user.sees("/conv2 q")
    user.replaces(with: "conv2")
    try user.sees("^▶.*conv2")
    user.presses(.enter)
    user.presses(.escape)
    try user.seesNoMore("/conv2")
    try user.leaves()
  }
}
