import PseudoTerminal
import Testing

/// One search, whoever shows it.
@Suite struct SameStrategyTests {
  @Test func bothProgramsWriteTheSameFile() throws {
    let home = try Home()
    try home.sculpt(
      "search", home.smallModel(), "--images", "100", "--steps", "2", "--seed", "1", "--episodes",
      "2", "-o", home["line.json"])
    let user = try home.opensSmallModel(steps: 2)
    try user.seesItAtRest()
    for episode in 1...2 {
      user.presses("n")
      try user.sees("■ paused *ep \(episode) ● LIVE")
    }
    user.presses("b")
    try user.sees("best: ep [12]")
    try user.exports(to: home["screen.json"])
    user.presses(.enter)
    try user.sees("written: ")
    try user.leaves()
    #expect(try home.text("screen.json") == home.text("line.json"))
  }
}
