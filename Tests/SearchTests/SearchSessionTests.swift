import Dispatch
import Engine
import Formats
import Foundation
import Metrics
import Patterns
import Pruning
import Search
import Synchronization
import TestSupport
import Testing
import Threads

/// One driver of a search, whoever shows it.
@Suite struct SearchSessionTests {
  private let folder: TemporaryFolder
  private var settings = SearchSettings()

  init() throws {
    folder = try TemporaryFolder()
    settings.seed = 7
    settings.images = 32
    settings.stepsPerEpisode = 2
  }

  private func session(
    on workbench: Workbench? = nil, _ options: SearchSession.Options = .init(),
    tell: @escaping @Sendable (SearchSession.Event) -> Void = { _ in }
  ) throws -> SearchSession {
    try SearchSession(
      workbench ?? SmallBench.make(), settings: settings, options: options, tell: tell)
  }

  private func strategyFile() throws -> String {
    String(decoding: try bytes(of: folder["s.json"]), as: UTF8.self)
  }

  /// Drives a worker as sculpt-tui does: so many episodes, then the best of them.
  private func resultOfAWorker(_ path: String, episodes: Int) throws -> SearchResult {
    let found = Mutex<SearchResult?>(nil)
    let end = DispatchSemaphore(value: 0)
    let worker = Mutex<SearchWorker?>(nil)
    let played = Atomic(0)
    let made = SearchWorker(
      try ModelFile.readStructure(at: path), settings: settings,
      threads: 1, options: .init(timesChoices: true)
    ) {
      guard let worker = worker.withLock({ $0 }) else { return }
      for event in worker.drain() {
        switch event {
        case .episode where played.add(1, ordering: .relaxed).newValue == episodes:
          worker.send(.findBest)
        case .result(let result):
          found.withLock { $0 = result }
          end.signal()
        case .failed(let why), .loadingFailed(let why):
          Issue.record("\(why)")
          end.signal()
        default: break
        }
      }
    }
    worker.withLock { $0 = made }
    for _ in 0..<episodes { made.send(.playEpisode) }
    end.wait()
    made.stop()
    worker.withLock { $0 = nil }
    return try #require(found.withLock { $0 })
  }

  @Test func bothProgramsComeToTheSameFile() throws {
    let workbench = try Workbench(modelAt: SmallBench.write(to: folder), threads: 2)
    var session = try session(on: workbench, .init(output: folder["s.json"]))
    let result = try session.run(episodes: 3)
    let shown = try resultOfAWorker(workbench.file.path, episodes: 3)
    #expect(result.file.json(for: workbench.space) == shown.file.json(for: workbench.space))
    #expect(try strategyFile() == result.file.json(for: workbench.space))
    #expect(result.accuracy.images == workbench.evaluator.dataset.count)
  }

  @Test func aSearchThatFindsNothingBetterEnds() throws {
    var session = try session()
    _ = try session.run(episodes: 60, patience: 2)
    let scores = session.episodes.map(\.score)
    let record = try #require(scores.firstIndex(of: scores.max() ?? 0))
    #expect(session.episodesSinceRecord == 2)
    #expect(scores.count == record + 3 && scores.count < 60)
    // It goes on where it is asked to.
    _ = try session.run(episodes: scores.count + 1)
    #expect(session.episodes.count == scores.count + 1)
  }

  @Test func theBestSoFarIsOnDiskAndStays() throws {
    var session = try session(.init(output: folder["s.json"]))
    let space = session.workbench.space
    while !session.isPrepared { #expect(try session.prepare()) }
    _ = try session.step()
    #expect(!FileBytes.exists(folder["s.json"]))
    _ = try session.step()
    let best = try #require(session.episodes.first?.best)
    #expect(try StrategyFile.read(folder["s.json"], for: space).strategy == best.strategy)
    // What comes then fails: nothing was found for the new target yet.
    try session.steer(target: Target(0.3), multiplier: nil)
    #expect(throws: SearchError.self) { try session.result() }
    #expect(try StrategyFile.read(folder["s.json"], for: space).strategy == best.strategy)
    // The first find for another target is written, however good it is.
    _ = try session.step()
    _ = try session.step()
    #expect(try StrategyFile.read(folder["s.json"], for: space).target == Target(0.3))
  }

  @Test func aResultOfAFollowedRunIsOfWhatItCameTo() throws {
    let workbench = try SmallBench.make()
    let path = folder["run.sqlite"]
    var writing = try session(on: workbench, .init(recording: .new(path: path)))
    while !writing.isPrepared { #expect(try writing.prepare()) }
    while writing.episodes.isEmpty { _ = try writing.step() }
    var shown = try session(on: workbench, .init(recording: .follow(path: path)))
    #expect(shown.episodes == writing.episodes)
    try writing.steer(target: Target(0.3), multiplier: nil)
    while writing.episodes.count < 2 { _ = try writing.step() }
    #expect(shown.episodes.count == 1)
    try shown.catchUp()
    #expect(shown.episodes == writing.episodes)
    #expect(try shown.result()?.file.target == Target(0.3))
  }

  @Test(arguments: [0, 1])
  func steeringIsKeptWithEveryChange(episodes: Int) throws {
    let workbench = try SmallBench.make()
    let path = folder["run.sqlite"]
    var pins = Strategy(denseFor: workbench.space)
    pins.choices[0] = try #require(workbench.space.units[0].menu.last)
    pins.pins[0] = true
    var first = try session(on: workbench, .init(recording: .new(path: path)))
    while !first.isPrepared { #expect(try first.prepare()) }
    while first.episodes.count < episodes { _ = try first.step() }
    try first.pin(pins)
    try first.steer(target: Target(0.4), multiplier: 3)

    let told = Mutex<[StoredRun]>([])
    let sensitivities = Mutex<[Sensitivity]>([])
    let second = try session(on: workbench, .init(recording: .resume(path: path))) { event in
      if case .resumed(let run) = event { told.withLock { $0.append(run) } }
      if case .sensitivity(let sensitivity) = event {
        sensitivities.withLock { $0.append(sensitivity) }
      }
    }
    #expect(second.settings == first.settings)
    #expect(second.episodes == first.episodes)
    let run = try #require(told.withLock { $0.first })
    #expect(run.settings.target == Target(0.4) && run.settings.multiplier == 3)
    #expect(run.pins == pins)
    #expect(run.episodes == first.episodes && run.multiplier == 3)
    #expect(sensitivities.withLock { $0.count } == 1)
  }

  @Test func aMemoryIsKeptBeforeTheSearchHasBegun() throws {
    let workbench = try SmallBench.make()
    let path = folder["run.sqlite"]
    let first = try session(on: workbench, .init(recording: .new(path: path)))
    for text in ["first", "second"] { try first.remember(Data(text.utf8)) }

    let told = Mutex<[StoredRun]>([])
    var second = try session(on: workbench, .init(recording: .resume(path: path))) { event in
      if case .resumed(let run) = event { told.withLock { $0.append(run) } }
    }
    #expect(told.withLock { $0.first?.memory } == Data("second".utf8))
    // It begins as a new one would, in the same file.
    #expect(!second.isPrepared && second.episodes.isEmpty)
    while second.episodes.isEmpty {
      if second.isPrepared { _ = try second.step() } else { _ = try second.prepare() }
    }
    let run = try RunFile.open(path, for: workbench)
    #expect(try run.searcher(on: workbench)?.episodes == second.episodes)
    #expect(try run.memory() == Data("second".utf8))
  }

  @Test func targetsAreSweptAndFinalistsTimed() throws {
    let models = try TemporaryFolder()
    let file = try ModelFile.readStructure(at: SmallBench.write(to: models))
    let targets = [Target(0.4), Target(0.6)]
    let done = DispatchSemaphore(value: 0)
    let told = Mutex<[SearchSession.Event]>([])
    let worker = Mutex<SearchWorker?>(nil)
    let made = SearchWorker(
      file, settings: settings, threads: 1, options: .init(timesChoices: true)
    ) {
      guard let worker = worker.withLock({ $0 }) else { return }
      for event in worker.drain() {
        told.withLock { $0.append(event) }
        switch event {
        case .swept(_, _, left: 0): worker.send(.playEpisode)
        case .episode: worker.send(.findBest)
        case .timed: done.signal()
        default: break
        }
      }
    }
    worker.withLock { $0 = made }
    made.send(.sweep(targets))
    done.wait()
    made.stop()
    worker.withLock { $0 = nil }
    let events = told.withLock { $0 }
    let swept = events.compactMap {
      if case .swept(let target, let step, _) = $0 { (target, step) } else { nil }
    }
    #expect(swept.map(\.0) == targets)
    for (target, step) in swept {
      #expect(step.excess == 0 && step.measurement.divergence != nil)
      #expect(step.measurement.accuracy.images == settings.images)
      #expect((step.latency ?? 0) > 0, "\(target)")
    }
    #expect(swept[0].1.measurement.cost.macs < swept[1].1.measurement.cost.macs)
    let times = events.compactMap { if case .timed(_, let time) = $0 { time } else { nil } }
    #expect(times.allSatisfy { $0.ratio.median > 0 })
  }

  @Test func whatIsRememberedDuringLongWorkIsOnTheDiskAtOnce() throws {
    let models = try TemporaryFolder()
    let file = try ModelFile.readStructure(at: SmallBench.write(to: models))
    let path = folder["run.sqlite"]
    let (kept, told) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let worker = Mutex<SearchWorker?>(nil)
    let isBusy = Mutex(false)
    let made = SearchWorker(
      file, settings: settings, threads: 1, options: .init(recording: .new(path: path))
    ) {
      guard let worker = worker.withLock({ $0 }) else { return }
      for case .baseline in worker.drain() {
        guard
          !isBusy.withLock({ busy in
            defer { busy = true }; return busy
          })
        else { continue }
        // The worker's own thread does nothing else until that is kept.
        worker.send(
          .remember {
            kept.signal()
            return Data("folded".utf8)
          })
        kept.wait()
        told.signal()
      }
    }
    worker.withLock { $0 = made }
    made.send(.playEpisode)
    told.wait()
    made.stop()
    worker.withLock { $0 = nil }
    #expect(RunFolder.memory(ofRun: path) == Data("folded".utf8))
  }

  @Test func theWinnerOfTheFinalistsIsMeasuredOnEveryImage() throws {
    let workbench = try SmallBench.make()
    let told = Mutex<[SearchStep]>([])
    let count = workbench.evaluator.dataset.count
    var searcher = try Searcher(
      workbench, settings: settings,
      sensitivity: Sensitivity(energyOf: workbench.model, in: workbench.space))
    while searcher.episodes.count < 4 { _ = try searcher.step() }
    let steps = searcher.episodes.flatMap(\.steps)
    let best = try #require(
      try workbench.best(of: steps) { step, _, of in
        #expect(of <= Workbench.finalists)
        told.withLock { $0.append(step) }
      })
    #expect(best.measurement.accuracy.images == count)
    let whole = told.withLock { $0 }.filter { $0.measurement.accuracy.images == count }
    #expect(
      whole.map(\.measurement.accuracy.correct).max() == best.measurement.accuracy.correct)
  }
}
