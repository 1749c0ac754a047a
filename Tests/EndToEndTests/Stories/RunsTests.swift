import Foundation
import PseudoTerminal
import Testing

/// Searches that are kept, ended in one way or another, and gone on with.
@Suite struct RunsTests {
  private let home: Home
  private let search: [String]

  init() throws {
    home = try Home()
    search = [
      "search", try home.smallModel(), "--json", "--seed", "3", "--steps", "2", "--images", "100",
    ]
  }

  @Test func episodesThatAreResumedAreThoseOfOneSearch() throws {
    let whole = try home.sculpts(search + ["--episodes", "4"]).output
    _ = try home.sculpts(search + ["--episodes", "2", "--record", home["run.sqlite"]])
    let resumed = try home.sculpts(search + ["--episodes", "4", "--resume", home["run.sqlite"]])
    #expect(resumed.output == whole)
  }

  @Test func aKilledSearchLosesAtMostTheEpisodeUnderWay() throws {
    let run = home["data/sculpt/runs/killed.sqlite"]
    try FileManager.default.createDirectory(
      atPath: home["data/sculpt/runs"], withIntermediateDirectories: true)
    // One thread is slower, and must not change the result.
    let user = try User(
      home,
      starts: home.launch(
        .sculpt, search + ["--threads", "1", "--episodes", "1000", "--record", run]),
      columns: 120, seesErrors: true)
    try user.sees("step [2-9] of 2000")
    user.terminal.process.send(SIGKILL)
    #expect(user.terminal.process.wait() == 137)

    let stored = try #require(try home.storedRuns().first).episodes
    try #require(stored >= 1)
    let more = search + ["--episodes", "\(stored + 1)"]
    let resumed = try home.sculpts(more + ["--resume", run]).output
    #expect(try home.sculpts(more).output == resumed)
  }

  @Test func whatWasSteeredIsThereAfterAKill() throws {
    let user = try home.opensSmallModel(columns: 120, rows: 40)
    try user.seesItLoaded()
    user.presses("t", .down, .enter)
    try user.sees("theme colour-blind")
    user.presses("T")
    user.replaces(with: "35")
    user.presses(.enter)
    try user.sees("/ 35 %")
    try user.selects(#"0\.conv1"#)
    try user.opensPatterns(of: #"layer1\.0\.conv1"#)
    try user.goesDown(to: "▶ taps-4/9")
    user.presses(.enter)
    try user.sees("^▶.*taps-4/9.*⚑", "your strategy .* of 500 images")
    user.terminal.process.send(SIGKILL)
    #expect(user.terminal.process.wait() == 137)

    #expect(try home.text("config/sculpt/settings.json").contains("colour-blind"))
    // The run knows its model.
    let run = try #require(try home.storedRuns().first).path
    let later = try home.opens("--resume", run, columns: 120, rows: 40)
    try later.seesItLoaded()
    try later.sees("/ 35 %", "taps-4/9.*⚑", "your strategy .* of 500 images")
    later.presses("n")
    try later.sees("ep 1 ● LIVE", "taps-4/9.*⚑")
    try later.leaves()
    let frame = try home.runs(.explorer, ["--once", "--resume", run]).output
    #expect(frame.contains("ep 1 ● LIVE") && frame.contains("/ 35 %"))
  }

  @Test func twoProgramsDoNotWriteIntoOneRun() throws {
    let user = try home.opensSmallModel(columns: 120)
    try user.seesItLoaded()
    user.presses("n")
    try user.sees("ep 1 ● LIVE", "■ paused")
    let run = try #require(try home.storedRuns().first).path
    let writer = "sculpt-tui, process \(user.terminal.process.identifier)"
    try home.refuses(1, "\(writer) writes into this run", .sculpt, search + ["--resume", run])

    let other = try home.opens("--resume", run, columns: 120)
    try other.sees("▶ following", "ep 1 ● LIVE", "\(writer) writes into this run")
    other.presses("n")
    try other.sees("n: \(writer) writes")
    user.terminal.process.send(SIGKILL)
    #expect(user.terminal.process.wait() == 137)
    other.presses("R", .enter)
    try other.sees("■ paused")
    other.presses("n")
    try other.sees("ep 2 ● LIVE", "■ paused")
    try other.leaves()
    #expect(try home.storedRuns().map(\.episodes) == [2])
  }

  @Test func aSearchOfAnotherProgramIsFollowed() throws {
    let run = home["data/sculpt/runs/cluster.sqlite"]
    try home.refuses(1, "there is no such run", .explorer, ["--follow", run])
    try home.writes("no run", to: "text")
    try home.refuses(1, "this is no run", .explorer, ["--follow", home["text"]])
    _ = try home.sculpts(search + ["--episodes", "1", "--record", run])
    let user = try home.opens("--follow", run, columns: 120)
    try user.sees("■ ended", "ep 1 ● LIVE")

    let writer = try User(
      home, starts: home.launch(.sculpt, search + ["--episodes", "1000", "--resume", run]))
    try user.sees("▶ following", "sculpt, process [0-9]+ writes into this run")
    try user.waits(for: "later episodes") { screen in
      let shown = screen.lines.first?.firstMatch(of: /\bep ([0-9]+) ● LIVE/)
      return shown.flatMap { Int($0.1) } ?? 0 > 2
    }
    user.presses("n")
    try user.sees("n: sculpt, process [0-9]+ writes")
    writer.terminal.process.send(SIGTERM)
    #expect(writer.terminal.process.wait() == 1)
    let stored = try #require(try home.storedRuns().first).episodes
    try user.sees("■ ended", "ep \(stored) ● LIVE", "no program writes into this run now")
    try user.leaves()
    #expect(try home.storedRuns().map(\.episodes) == [stored])
    let frame = try home.runs(.explorer, ["--once", "--follow", run]).output
    #expect(frame.contains("ep \(stored) ● LIVE") && frame.contains("■ ended"))

    try FileManager.default.removeItem(atPath: home["models/small.json"])
    try home.refuses(1, "its model is not there any more", .explorer, ["--follow", run])
  }

  @Test func aRunThatCannotBeGoneOnWithIsReplacedByANewOne() throws {
    let user = try home.opensSmallModel("--resume", home["nowhere.sqlite"], columns: 120)
    try user.sees("✗ a new run in place of it: .*there is no such run")
    user.presses("n")
    try user.sees("ep 1 ● LIVE", "■ paused")
    try user.leaves()
    #expect(try home.storedRuns().map(\.episodes) == [1])
    try home.refuses(1, "there is no such run", .explorer, ["--resume", home["nowhere.sqlite"]])
  }
}
