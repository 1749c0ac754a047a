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
}
