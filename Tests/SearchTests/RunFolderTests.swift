import Foundation
import Patterns
import Pruning
import Search
import TestSupport
import Testing

@Suite struct RunFolderTests {
  private let folder = RunFolder(environment: ["XDG_DATA_HOME": "/data"])

  @Test func runsOfOneSecondGetPathsOfTheirOwn() {
    let now = Date.now
    let paths = [11, 11, 12].map { folder.newPath(model: "A model", at: now, process: $0) }
    #expect(Set(paths).count == 3)
    #expect(paths.allSatisfy { $0.hasPrefix("/data/sculpt/runs/a-model-") })
    #expect(paths[0].contains("-11") && paths[0].hasSuffix(".sqlite"))
  }

  /// A stored run with two episodes, in a folder of the user's.
  private func stored(in data: TemporaryFolder) throws -> (RunFolder, path: String, [Episode]) {
    let runs = RunFolder(environment: ["XDG_DATA_HOME": data.path])
    let path = runs.newPath(model: "bench")
    let workbench = try SmallBench.make()
    var settings = SearchSettings()
    settings.images = 32
    settings.stepsPerEpisode = 2
    var pins = Strategy(denseFor: workbench.space)
    pins.pins[0] = true
    var searcher = try Searcher(
      workbench, settings: settings,
      sensitivity: Sensitivity(energyOf: workbench.model, in: workbench.space), pins: pins)
    let run = try RunFile.create(at: path, for: workbench)
    while searcher.episodes.count < 2 {
      if case .episode = try searcher.step() { try run.save(searcher) }
    }
    return (runs, path, searcher.episodes)
  }

  @Test func aRunTellsWhatItCameTo() throws {
    let data = try TemporaryFolder()
    let (runs, _, episodes) = try stored(in: data)
    let summary = try #require(runs.summaries().first)
    let outcome = RunOutcome(of: summary)
    #expect(outcome.target == Target(0.5) && outcome.pins == 1 && outcome.fineTuned == nil)
    #expect(outcome.best?.score == episodes.map(\.score).max())
    #expect(summary.episodes == 2 && summary.label == RunLabel())
  }

  @Test func aRunTellsWhatItAimsAtNow() throws {
    let data = try TemporaryFolder()
    let (runs, path, _) = try stored(in: data)
    let workbench = try SmallBench.make()
    let run = try RunFile.open(path, for: workbench)
    var searcher = try #require(try run.searcher(on: workbench))
    try searcher.steer(target: Target(0.3), multiplier: nil)
    try run.save(searcher)
    let outcome = RunOutcome(of: try #require(runs.summaries().first))
    #expect(outcome.target == Target(0.3) && outcome.best == nil)
  }

  @Test func aRunIsNamedAndDeletedWithItsModels() throws {
    let data = try TemporaryFolder()
    let (runs, path, _) = try stored(in: data)
    let label = RunLabel(name: "first", note: "what it's for; 50 %")
    try RunFolder.label(RunLabel(name: "other"), run: path)
    try RunFolder.label(label, run: path)
    #expect(runs.summaries().map(\.label) == [label])
    let folder = path.dropLast(7) + "-finetuned-0123"
    try FileManager.default.createDirectory(
      atPath: String(folder), withIntermediateDirectories: false)
    try RunFolder.delete(run: path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: runs.url.path()).isEmpty)
    #expect(throws: SearchError.self) { try RunFolder.delete(run: path) }
  }
}
