import Formats
import Foundation
import ModelGraph
import Patterns
import Pruning
import Search
import TestSupport
import Testing

@Suite struct RunFileTests {
  private let path = FileManager.default.temporaryDirectory
    .appending(path: "sculpt-\(UUID().uuidString).sqlite").path()

  private func play(
    _ searcher: inout Searcher, to episodes: Int, into run: RunFile? = nil
  ) throws {
    while searcher.episodes.count < episodes {
      if case .episode = try searcher.step() { try run?.save(searcher) }
    }
  }

  /// Broken off after any episode, also between updates of the agent.
  @Test(arguments: [1, 4, 6], Target.Resource.allCases)
  func aResumedRunGoesOnAsItWouldHave(episodes: Int, resource: Target.Resource) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let workbench = try SmallBench.make()
    var settings = SearchSettings()
    settings.seed = 3
    settings.target = Target(0.6, of: resource)
    var generator = SmallNetwork.Generator(state: 5)
    let sensitivity = Sensitivity(energyOf: workbench.model, in: workbench.space)
    var searcher = try Searcher(
      workbench, settings: settings, sensitivity: sensitivity,
      latencies: Latencies(.random(for: workbench.space, using: &generator)))
    try play(&searcher, to: episodes, into: try RunFile.create(at: path, for: workbench))
    try play(&searcher, to: 10)
    let run = try RunFile.open(path, for: workbench)
    var resumed = try #require(try run.searcher(on: workbench))
    #expect(resumed.episodes.count == episodes)
    try play(&resumed, to: 10)
    #expect(resumed.episodes == searcher.episodes)
    #expect(resumed.front == searcher.front)
  }

  @Test func aRunGoesOnWithItsOwnPatternsOnly() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let cross = try #require(TapMask("272", kernel: Extent(3, 3)))
    let workbench = try SmallBench.make(library: PatternLibrary([.masks([cross])]))
    #expect(Set(workbench.space.units.map { $0.menu.map(\.name) }) == [["dense", "272"]])
    let sensitivity = Sensitivity(energyOf: workbench.model, in: workbench.space)
    var searcher = try Searcher(workbench, settings: SearchSettings(), sensitivity: sensitivity)
    try play(&searcher, to: 1, into: try RunFile.create(at: path, for: workbench))
    let resumed = try RunFile.open(path, for: workbench).searcher(on: workbench)
    #expect(resumed?.episodes == searcher.episodes)

    let other = try SmallBench.make()
    let run = try RunFile.open(path, for: other)
    let error = #expect(throws: SearchError.self) { try run.searcher(on: other) }
    #expect(error?.description.contains("--patterns") == true)
  }

  @Test func whatARunRestsOnIsKeptWithIt() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(RunImages(ofRun: path) == nil)
    let workbench = try SmallBench.make()
    let file = try workbench.file.replacingData(.archive("val.npz"), of: .validation)
      .replacingInput(InputDescription(scale: 1, mean: [127.5], deviation: [127.5]))
    let run = try RunFile.create(at: path, for: workbench)
    #expect(RunImages(ofRun: run.path) != nil)
    let images = try JSONDecoder().decode(
      RunImages.self, from: JSONEncoder().encode(RunImages(of: file)))
    let applied = try images.applied(to: workbench.file)
    #expect(applied.model.input == file.model.input)
    guard case .archive(let found)? = applied.data[.validation] else {
      Issue.record("no archive")
      return
    }
    #expect(found.hasPrefix("/") && found.hasSuffix("/val.npz"))
    let kept = try images.applied(to: workbench.file, but: [.validation], keepsInput: true)
    #expect(kept.data == workbench.file.data && kept.model.input == workbench.model.input)
  }

  @Test func anotherProgramsRunIsOnlyShown() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let workbench = try SmallBench.make()
    let sensitivity = Sensitivity(energyOf: workbench.model, in: workbench.space)
    var searcher = try Searcher(workbench, settings: SearchSettings(), sensitivity: sensitivity)
    try play(&searcher, to: 2, into: try RunFile.create(at: path, for: workbench))
    // As another program holds it: by a descriptor of its own.
    let lock = path + "-lock"
    try Data("sculpt-tui, process 4711".utf8).write(to: URL(filePath: lock))
    let descriptor = open(lock, O_RDWR)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    func session(_ recording: Recording) throws -> SearchSession {
      try SearchSession(
        workbench, settings: SearchSettings(), options: .init(recording: recording))
    }
    let error = #expect(throws: SearchError.self) { try session(.resume(path: path)) }
    #expect(error?.holder == RunHolder("sculpt-tui, process 4711"))
    #expect(error?.description.contains("sculpt-tui, process 4711 writes into this run") == true)
    #expect(throws: SearchError.self) { try RunFolder.delete(run: path) }
    #expect(RunWriter(ofRun: path) == .other(RunHolder("sculpt-tui, process 4711")))
    let shown = try session(.show(path: path))
    #expect(shown.episodes == searcher.episodes)
    try shown.remember(Data("nothing".utf8))
    #expect(try RunFile.open(path, for: workbench).memory() == nil)
    // The lock ends with the program; what it leaves is taken over, and taken away at the end.
    close(descriptor)
    #expect(try session(.resume(path: path)).episodes == searcher.episodes)
    #expect(!FileManager.default.fileExists(atPath: lock))
  }

  @Test func whatAnotherProgramWritesIsReadAsItComes() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let workbench = try SmallBench.make()
    let sensitivity = Sensitivity(energyOf: workbench.model, in: workbench.space)
    var searcher = try Searcher(workbench, settings: SearchSettings(), sensitivity: sensitivity)
    let run = try RunFile.create(at: path, for: workbench)
    try play(&searcher, to: 2, into: run)
    let dense = Strategy(denseFor: workbench.space)
    var known = StoredRun(
      searcher.settings, pins: dense, multiplier: searcher.multiplier, episodes: searcher.episodes)
    known.writer = .nobody
    var followed = FollowedRun(try RunFile.open(path, for: workbench), after: known)
    #expect(try followed.news() == nil)

    // As another program holds it, which this one only asks for: it may be taken at any time.
    let descriptor = open(path + "-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    #expect(try followed.news() == nil && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    try play(&searcher, to: 4, into: run)
    var news = try #require(try followed.news())
    #expect(news.episodes == Array(searcher.episodes[2...]))
    #expect(news.writer == .other(RunHolder("another program")))
    #expect(news.multiplier == searcher.multiplier)
    #expect(try followed.news() == nil)

    // What is no part of the search is no news.
    try run.remember(Data("folded".utf8))
    #expect(try followed.news() == nil)
    try searcher.steer(target: Target(0.3), multiplier: 2)
    try run.save(searcher)
    news = try #require(try followed.news())
    #expect(news.settings.target == Target(0.3) && news.episodes.isEmpty)
    try play(&searcher, to: 5, into: run)
    close(descriptor)
    news = try #require(try followed.news())
    #expect(news.episodes == [searcher.episodes[4]] && news.writer == .nobody)
    try FileManager.default.removeItem(atPath: path + "-lock")
  }

  @Test func otherFilesAreRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let workbench = try SmallBench.make()
    #expect(throws: SearchError.self) { try RunFile.open(path, for: workbench) }
    try Data("no database".utf8).write(to: URL(filePath: path))
    #expect(throws: SearchError.self) { try RunFile.open(path, for: workbench) }
    #expect(throws: SearchError.self) { try RunFile.create(at: path, for: workbench) }
    #expect(try Data(contentsOf: URL(filePath: path)) == Data("no database".utf8))
  }
}
