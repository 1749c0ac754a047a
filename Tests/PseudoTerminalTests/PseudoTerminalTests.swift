import Foundation
import PseudoTerminal
import Testing

@Suite struct PseudoTerminalTests {
  private func shell(_ script: String) -> ChildProcess.Launch {
    ChildProcess.Launch("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
  }

  @Test func aProgramFindsATerminalOfThatSize() throws {
    let terminal = try PseudoTerminal(shell("stty size; exit 3"), columns: 90, rows: 30)
    try terminal.wait(for: "the size") { String(decoding: $0, as: UTF8.self).contains("30 90\r\n") }
    while !terminal.isAtEnd { terminal.read(patience: .seconds(60)) }
    #expect(terminal.process.wait() == 3)
  }

  @Test func keysAreReadAndControlCharactersAreSignals() throws {
    let script = "trap 'echo caught; exit 4' INT; read line; echo \"<$line>\"; read line"
    let terminal = try PseudoTerminal(shell(script), columns: 80, rows: 24)
    terminal.type("hello\n")
    try terminal.wait(for: "the line") { String(decoding: $0, as: UTF8.self).contains("<hello>") }
    terminal.type("\u{03}")
    try terminal.wait(for: "the trap") { String(decoding: $0, as: UTF8.self).contains("caught") }
    #expect(terminal.process.wait() == 4)
  }

  @Test func settingsThatAreChangedAreSeen() throws {
    let terminal = try PseudoTerminal(
      shell("stty raw -echo; echo raw; read line"), columns: 80, rows: 24)
    try terminal.wait(for: "raw") { String(decoding: $0, as: UTF8.self).contains("raw") }
    #expect(terminal.settings != terminal.settingsBefore)
  }

  @Test func aSignalIsToldAsShellsDo() throws {
    let terminal = try PseudoTerminal(shell("read line"), columns: 80, rows: 24)
    terminal.process.send(SIGKILL)
    #expect(terminal.process.wait() == 128 + 9)
  }

  @Test func whatIsWaitedForInVainIsNamed() throws {
    let terminal = try PseudoTerminal(shell("echo other"), columns: 80, rows: 24)
    #expect(throws: TerminalFailure("waited in vain for a text")) {
      try terminal.wait(for: "a text") { String(decoding: $0, as: UTF8.self).contains("wanted") }
    }
  }

  @Test func aProgramThatIsNotThereIsNamed() {
    let nothing = ChildProcess.Launch("/nonexistent/program", environment: [:])
    #expect(throws: TerminalFailure.self) { try PseudoTerminal(nothing, columns: 80, rows: 24) }
    #expect(throws: TerminalFailure.self) { try ChildProcess.run(nothing) }
  }

  @Test func outputAndErrorsAreKeptApart() throws {
    let outcome = try ChildProcess.run(
      shell("cat; yes | head -n 100000; echo problem >&2; exit 2"))
    #expect(outcome.code == 2)
    #expect(outcome.output.utf8.count == 200_000)
    #expect(outcome.errors == "problem\n")
  }
}
