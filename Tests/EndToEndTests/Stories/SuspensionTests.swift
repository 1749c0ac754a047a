import PseudoTerminal
import Testing

/// ^Z and fg, in a shell with job control.
@Suite struct SuspensionTests {
  @Test func suspendedItGivesTheTerminalBack() throws {
    let home = try Home()
    let model = try home.smallModel()
    let user = try User(
      home,
      starts: home.launch(
        .shell, ["--noprofile", "--norc", "--noediting", "-i"],
        changing: ["PS1": "ready> ", "HISTFILE": ""]), seesErrors: true)
    try user.sees("^ready> *$")
    let modes = user.screen.modes
    let settings = user.terminal.settings
    user.types("'\(Program.explorer.path)' '\(model)' --images 100 --steps 1\r")
    try user.seesItAtRest()
    try user.selects("conv1")
    try user.seesNothingHappen()
    let before = user.screen.lines
    user.presses(.control("z"))
    try user.sees("Stopped")
    try user.sees("^ready> *$")
    #expect(user.screen.modes == modes)
    #expect(user.terminal.settings == settings)
    user.types("fg\r")
    try user.waits(for: "the screen as it was") { $0.lines == before }
    user.presses("?")
    try user.sees("─ Keys")
    user.presses(.escape)
    try user.seesNoMore("─ Keys")
    user.presses("q")
    try user.sees("^ready> *$")
    user.types("echo \"exit $?\"\r")
    try user.sees("^exit 0")
    #expect(user.screen.modes == modes)
    #expect(user.terminal.settings == settings)
    #expect(user.screen.unknown == [])
    user.types("exit\r")
    user.terminal.process.wait()
  }
}
