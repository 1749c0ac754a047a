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
import Training

@Suite struct FineTuneWorkerTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "sculpt-\(UUID().uuidString)")

  /// Settings whose recipe and images lie in the folder, for a run of that name.
  private func settings(run: String = "run") throws -> FineTuneSettings {
    func idx(_ dimensions: [Int], _ bytes: [UInt8]) -> Data {
      var data = Data([0, 0, 8, UInt8(dimensions.count)])
      for extent in dimensions { data += [0, 0, 0, UInt8(extent)] }
      return data + bytes
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var generator = SmallNetwork.Generator(state: 5)
    let images = (0..<96 * 64).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let labels = (0..<96).map { _ in UInt8.random(in: 0...3, using: &generator) }
    try idx([96, 8, 8], images).write(to: folder.appending(path: "images"))
    try idx([96], labels).write(to: folder.appending(path: "labels"))
    let recipe = folder.appending(path: "recipe.json").path()
    try Recipe(
      model: "model.json", train: DataSource(images: "images", labels: "labels"), holdout: 16,
      folder: folder.path(), batch: 16
    ).write(to: recipe, replacing: true)
    return FineTuneSettings(run: folder.appending(path: run + ".sqlite").path(), recipe: recipe)
  }

  /// A strategy that keeps half of the first unit's taps or channels.
  private func strategy(in space: PruningSpace) -> Strategy {
    var strategy = Strategy(denseFor: space)
    strategy.choices[0] = space.units[0].menu.last ?? .dense
    return strategy
  }

  /// Works until the strategy is done with; commands that `answer` gives are sent from the worker's own thread,
  /// so that they come at the same place every time.
  private func events(
    _ strategy: Strategy, on workbench: Workbench, _ settings: FineTuneSettings,
    answer: @escaping @Sendable (FineTuneWorker.Event) -> FineTuneWorker.Command? = { _ in nil }
  ) -> [FineTuneWorker.Event] {
    let seen = Mutex<[FineTuneWorker.Event]>([])
    let worker = Mutex<FineTuneWorker?>(nil)
    let end = DispatchSemaphore(value: 0)
    let made = FineTuneWorker(workbench, settings: settings) {
      guard let worker = worker.withLock({ $0 }) else { return }
      for event in worker.drain() {
        seen.withLock { $0.append(event) }
        if let command = answer(event) { worker.send(command) }
        switch event {
        case .finished, .cancelled, .failed, .estimated, .notEstimated: end.signal()
        default: break
        }
      }
    }
    worker.withLock { $0 = made }
    made.send(.start(strategy, settings.tuning))
    end.wait()
    made.stop()
    worker.withLock { $0 = nil }
    return seen.withLock { $0 }
  }

  @Test func aCancelledFineTuningGoesOnAsItWouldHave() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let workbench = try SmallBench.make()
    let strategy = strategy(in: workbench.space)
    let whole = events(strategy, on: workbench, try settings(run: "whole"))
    guard case .finished(let expected) = whole.last else {
      Issue.record("it did not end: \(whole)")
      return
    }
    #expect(expected.epochs == 3)
    #expect(whole.count { if case .epoch = $0 { true } else { false } } == 3)

    let begun = events(strategy, on: workbench, try settings()) { event in
      if case .epoch = event { .cancel } else { nil }
    }
    #expect(begun.last == .cancelled)
    let rest = events(strategy, on: workbench, try settings())
    let start = rest.lazy.compactMap { if case .started(let start) = $0 { start } else { nil } }
    #expect(start.first?.history.map(\.epoch) == [1])
    guard case .finished(let result) = rest.last else {
      Issue.record("it did not end: \(rest)")
      return
    }
    #expect(result.after == expected.after)
    let weights = try [result, expected].map {
      try Data(contentsOf: URL(filePath: $0.folder + "/weights.safetensors"))
    }
    #expect(weights[0] == weights[1])

    // The model on the disk is as accurate as was told.
    let file = try ModelFile.read(at: result.folder + "/model.json")
    #expect(workbench.evaluator.accuracy(of: try Program(file.model)) == result.after)

    // Another program finds it, and does not train again.
    let again = events(strategy, on: workbench, try settings())
    #expect(again == [.known(result), .finished(result)])
  }

  @Test func nothingHappensWithoutRecipeOrImages() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let workbench = try SmallBench.make()
    let strategy = strategy(in: workbench.space)
    var settings = try settings()
    try FileManager.default.removeItem(at: folder.appending(path: "images"))
    let images = folder.appending(path: "images").path()
    #expect(
      events(strategy, on: workbench, settings) == [
        .failed("no images to train on: name some with --train PATH; there is no \(images)")
      ])
    settings.recipe = "/nowhere/recipe.json"
    #expect(
      events(strategy, on: workbench, settings) == [
        .failed(
          "no recipe to train by: name one with --recipe PATH; there is no /nowhere/recipe.json")
      ])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
        == ["labels", "recipe.json"])
  }

  @Test func imagesThatAppearAreTrainedOnWithoutARestart() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let workbench = try SmallBench.make()
    let settings = try settings()
    let (images, aside) = (folder.appending(path: "images"), folder.appending(path: "aside"))
    try FileManager.default.moveItem(at: images, to: aside)
    let told = DispatchSemaphore(value: 0)
    let worker = FineTuneWorker(workbench, settings: settings) { told.signal() }
    let strategy = strategy(in: workbench.space)
    worker.send(.start(strategy, FineTuning()))
    told.wait()
    #expect(worker.drain().contains { if case .failed = $0 { true } else { false } })
    try FileManager.default.moveItem(at: aside, to: images)
    worker.send(.start(strategy, FineTuning()))
    told.wait()
    #expect(worker.drain().contains { if case .started = $0 { true } else { false } })
    worker.stop()
  }

  @Test func theTimeIsToldByAFewBatches() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let workbench = try SmallBench.make()
    let settings = try settings()
    let told = DispatchSemaphore(value: 0)
    let worker = FineTuneWorker(workbench, settings: settings) { told.signal() }
    let strategy = strategy(in: workbench.space)
    worker.send(.estimate(strategy))
    told.wait()
    let events = worker.drain()
    guard case .estimated(strategy, let estimate)? = events.first, events.count == 1 else {
      Issue.record("\(events)")
      return
    }
    #expect(estimate.images == 80 && estimate.secondsPerEpoch > 0)
    let recipe = try Recipe.read(at: try #require(settings.recipe))
    #expect(estimate.learningRate == recipe.learningRate / 10)
    worker.stop()
    // Nothing of it is kept.
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
        == ["images", "labels", "recipe.json"])
  }

  @Test func aDataSetOfAPackageNamesIt() {
    for (path, package) in [
      ("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz", "dataset-fashion-mnist"),
      ("/usr/share/datasets/loose.gz", nil), ("/data/usr/share/datasets/a/b", nil),
    ] {
      #expect(FineTuneSettings.package(of: path) == package)
    }
  }

  /// A program that ends in the midst of an epoch keeps what was learned of it.
  @Test func stoppingKeepsTheBatchesThatAreDone() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let workbench = try SmallBench.make()
    let (strategy, settings) = (strategy(in: workbench.space), try settings())
    /// The first batch that is told, of a worker that is stopped then.
    func firstBatch() throws -> Int {
      let batch = Mutex(0)
      let worker = Mutex<FineTuneWorker?>(nil)
      let (isTold, isStopped) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      let made = FineTuneWorker(workbench, settings: settings) {
        for case .batch(let progress) in worker.withLock({ $0 })?.drain() ?? [] {
          guard batch.withLock({ $0 == 0 }) else { return }
          batch.withLock { $0 = progress.batch }
          isTold.signal()
          isStopped.wait()
        }
      }
      worker.withLock { $0 = made }
      made.send(.start(strategy, settings.tuning))
      isTold.wait()
      made.send(.stop)
      isStopped.signal()
      made.stop(patience: .seconds(600))
      worker.withLock { $0 = nil }
      return batch.withLock { $0 }
    }
    #expect(try (0..<3).map { _ in try firstBatch() } == [1, 2, 3])
  }

  @Test func stoppingEndsABatchUnderWay() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let workbench = try SmallBench.make()
    var settings = try settings()
    settings.tuning.epochs = 100_000
    let begun = DispatchSemaphore(value: 0)
    let worker = FineTuneWorker(workbench, settings: settings) { begun.signal() }
    worker.send(.start(strategy(in: workbench.space), settings.tuning))
    begun.wait()
    worker.stop(patience: .seconds(600))
    #expect(!worker.drain().contains { if case .finished = $0 { true } else { false } })
  }
}
