import Foundation
import PseudoTerminal
import Testing

/// What ends the program, other than its user.
@Suite struct SignalsTests {
  @Test(arguments: [(SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130)] as [(Int32, Int32)])
  func aSignalKeepsTheRun(signal: Int32, code: Int32) throws {
    let home = try Home()
    let user = try home.opensSmallModel(steps: 2)
    try user.seesItLoaded()
    try user.searches(episodes: 3)
    try user.sees("▶ searching")
    user.terminal.process.send(signal)
    try user.isBack(code: code)

    let runs = try home.storedRuns()
    try #require(runs.count == 1)
    #expect(runs[0].episodes >= 3)

    let later = try home.opens(home.smallModel(), "--resume", runs[0].path)
    try later.sees("ep \(runs[0].episodes) ● LIVE")
    try later.leaves()
  }

  /// A crash cannot be told from a signal that another process sends.
  @Test func aCrashLeavesTheTerminalAsItWas() throws {
    let home = try Home()
    let user = try home.opensSmallModel(steps: 2)
    try user.seesItLoaded()
    try user.searches(episodes: 3)
    user.terminal.process.send(SIGSEGV)
    try user.isBack(code: 139)
    #expect(try home.storedRuns().count == 1)
  }
}
