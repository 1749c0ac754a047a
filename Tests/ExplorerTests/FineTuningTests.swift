import Engine
import Explorer
import Formats
import Metrics
import Patterns
import Pruning
import Search
import TerminalKit
import Testing
import Training

struct FineTuningTests {
  @Test func theShownEpisodeIsFineTunedAndTheSearchPausedOnceItBegins() throws {
    var state = try Fixtures.searched()
    state.take([.search(.searching(true))])
    state.press("[ [")
    let strategy = state.run.shown
    #expect(
      state.press("f enter") == [.estimateTuning(strategy), .fineTune(strategy, FineTuning())])
    #expect(state.run.work.isSearching)
    #expect(state.take([.fineTuning(.started(Fixtures.start))]) == [.pause])
    #expect(!state.run.work.isSearching)
    #expect(state.run.fineTuning?.strategy == strategy)
    #expect(state.screen.notice?.text == "the search is paused while ep 5 is fine-tuned")
    for key in ["p", "n"] {
      #expect(state.press(key).isEmpty)
      #expect(
        state.screen.notice == Notice("\(key): ep 5 is being fine-tuned; f cancels that", .refusal))
    }
  }

  @Test func aSearchUnderWayCanBePausedWhileImagesAreRead() throws {
    var state = try Fixtures.searched()
    state.take([.search(.searching(true))])
    #expect(
      state.press("f enter p").suffix(2) == [.fineTune(state.run.shown, FineTuning()), .pause])
  }

  @Test func progressIsShown() throws {
    var state = try Fixtures.tuning()
    let text = view(state, size: Size(width: 80, height: 24)).text
    for part in [
      "▶ fine-tuning", "FINE-TUNING ep 6", "epoch 2/3", "batch 120/430", "3:20 left", "loss 0.412",
      "train 85.1 %", "val. 80.1 → 91.9 %",
    ] {
      #expect(text.contains(part), "no '\(part)' on the screen")
    }
    state.take([.fineTuning(.epoch(Fixtures.record(epoch: 2, accuracy: 0.9245)))])
    #expect(view(state, size: Size(width: 80, height: 24)).text.contains("epoch 3/3"))
  }

  @Test func theResultIsAPointOfThePlot() throws {
    var state = try Fixtures.tuning()
    let result = Fixtures.result(of: try #require(state.run.fineTuning).strategy, in: state)
    state.take([.fineTuning(.finished(result))])
    #expect(state.run.fineTuning == nil)
    #expect(state.run.fineTuned == [result.strategy.choices: result])
    #expect(
      state.screen.notice?.text
        == "fine-tuned: 80.1 → 92.8 % validation in 3 epochs; written: /runs/a-finetuned-1")
    let text = view(state, size: Size(width: 120, height: 40)).text
    #expect(text.contains("★ fine-tuned"))
    // One in the title, one in the plot.
    #expect(text.components(of: "★").count == 3)
    state.press("j")
    #expect(view(state, size: Size(width: 120, height: 40)).text.contains("fine-tuned 92.80 %"))
    #expect(state.press("f").isEmpty)
    #expect(state.screen.notice?.text == "f: done already, 80.1 → 92.8 % validation")
  }

  @Test func aResultWithoutAGainIsSeenToo() throws {
    var state = try Fixtures.tuning()
    var result = Fixtures.result(of: try #require(state.run.fineTuning).strategy, in: state)
    result.after = result.before
    state.take([.fineTuning(.finished(result)), .key(.character("j"))])
    #expect(view(state, size: Size(width: 80, height: 24)).text.contains("★"))
  }

  @Test func cancellingAsks() throws {
    var state = try Fixtures.tuning()
    #expect(state.press("f").isEmpty)
    #expect(state.overlay == .question(.cancelFineTuning))
    #expect(state.press("esc").isEmpty)
    #expect(state.overlay == nil)
    #expect(state.run.fineTuning?.isCancelling == false)
    #expect(state.press("f f") == [.cancelFineTuning])
    #expect(state.press("f").isEmpty)
    #expect(state.screen.notice?.text == "f: it is being cancelled")
    state.take([.fineTuning(.cancelled)])
    #expect(state.run.fineTuning == nil)
    #expect(state.screen.notice?.text == "fine-tuning cancelled, after epoch 1 of 3; f goes on")
    #expect(state.press("f enter").last == .fineTune(state.run.shown, FineTuning()))
  }

  @Test func whatEndsMeanwhileIsNotAskedAbout() throws {
    var state = try Fixtures.tuning()
    state.press("f")
    state.take([.fineTuning(.failed("the loss is no longer finite"))])
    #expect(state.overlay == nil)
    #expect(state.run.fineTuning == nil)
    #expect(state.screen.notice == Notice("the loss is no longer finite", .failure))
  }

  @Test func withoutARecipeOnlyALineIsShown() throws {
    var state = try Fixtures.searched()
    state.take([.search(.searching(true))])
    state.press("f enter")
    let why = "no recipe to train by: name one with --recipe PATH; there is no recipe.json"
    #expect(state.take([.fineTuning(.failed(why))]).isEmpty)
    #expect(state.run.work.isSearching)
    #expect(state.screen.notice == Notice(why, .failure))
    #expect(view(state, size: Size(width: 80, height: 24)).text.contains("--recipe PATH"))
  }

  @Test func epochsAndRateAreChosenWithTheTimeTheyTake() throws {
    var state = try Fixtures.searched()
    let strategy = state.run.shown
    #expect(state.press("f") == [.estimateTuning(strategy)])
    func text() -> String { view(state, size: Size(width: 80, height: 24)).text }
    #expect(text().contains("a few batches are tried"))
    let estimate = FineTuneEstimate(images: 54_000, secondsPerEpoch: 100, learningRate: 0.01)
    state.take([.fineTuning(.estimated(strategy, estimate))])
    #expect(text().contains("54000, those of the recipe") && text().contains("about 5:00"))
    state.press("^u 6")
    #expect(text().contains("about 10:00"))
    // No number of epochs, no time.
    state.press("0 0 0 enter")
    #expect(state.screen.notice?.kind == .refusal && !text().contains("about"))
    state.press("^u 2 down 0 . 0 5")
    let tuning = FineTuning(epochs: 2, learningRate: 0.05)
    #expect(state.press("enter") == [.fineTune(strategy, tuning)])
    // The next time begins with them, in a run that is gone on with, too.
    state.take([.fineTuning(.cancelled)])
    #expect(state.press("f enter").last == .fineTune(strategy, tuning))
    #expect(state.memory?.tuning?.tuning == tuning)
  }

  @Test func whatCannotBeFineTunedSaysSoBeforeItBegins() throws {
    var state = try Fixtures.searched()
    state.press("f")
    let why = "no images to train on: sudo apt install dataset-fashion-mnist, then f again"
    state.take([.fineTuning(.notEstimated(state.run.shown, why))])
    #expect(view(state, size: Size(width: 80, height: 24)).text.contains("sudo apt install"))
    #expect(state.press("esc") == [.cancelFineTuning])
    #expect(state.overlay == nil && state.run.fineTuning == nil)
  }

  @Test func denseAndReadOnlyAreRefused() throws {
    var state = try Fixtures.ready()
    #expect(state.press("f").isEmpty)
    #expect(
      state.screen.notice?.text
        == "f: nothing is pruned in the dense strategy; [ shows episodes, e edits")
    state = try Fixtures.launched()
    #expect(state.press("f").isEmpty)
    state = try Fixtures.searched(isReadOnly: true)
    #expect(state.press("f").isEmpty)
    #expect(state.screen.notice?.text == "f: --readonly forbids changes")
  }

  @Test func quittingAsks() throws {
    var state = try Fixtures.tuning()
    #expect(state.press("q").isEmpty)
    #expect(state.press("q") == [.quit])
  }

  @Test func resultsOfAnEarlierSessionAreKnown() throws {
    var state = try Fixtures.searched()
    let result = Fixtures.result(of: state.run.history.episodes[2].best.strategy, in: state)
    state.take([.fineTuning(.known(result))])
    #expect(state.run.fineTuned.count == 1)
    #expect(state.screen.notice == nil)
  }

  @Test func aClickOnTheResultShowsItsEpisode() throws {
    var state = try Fixtures.searched()
    let size = Size(width: 80, height: 24)
    let result = Fixtures.result(of: state.run.history.episodes[2].best.strategy, in: state)
    state.take([.resize(size), .fineTuning(.known(result))])
    let lines = view(state, size: size).text.split(
      separator: "\n", omittingEmptySubsequences: false)
    let y = try #require(lines.firstIndex { $0.contains("★") && !$0.contains("fine-tuned") })
    let x = try #require(Array(lines[y]).firstIndex(of: "★"))
    state.take([.mouse(MouseEvent(.press(.left), at: Point(x: x, y: y)))])
    #expect(state.run.shown.choices == result.strategy.choices)
  }

  @Test func theModelIsExported() throws {
    var state = try Fixtures.searched()
    let result = Fixtures.result(of: state.run.shown, in: state)
    state.take([.fineTuning(.known(result))])
    let model = ExportedModel(source: .fineTuned(result), format: .onnx)
    #expect(
      state.press("x down down down down enter").last
        == .exportModel(model, path: "./small-finetuned.onnx", replacing: false))
    state.take([.export(.exists("./small-finetuned.onnx"))])
    #expect(
      state.press("y") == [.exportModel(model, path: "./small-finetuned.onnx", replacing: true)])
    state.take([.export(.written("./small-finetuned.onnx"))])
    #expect(state.overlay == nil)
  }
}

extension Fixtures {
  static let start = FineTuneSession.Start(
    epochs: 3, before: Accuracy(correct: 1602, images: 2000))

  static func record(epoch: Int, accuracy: Double) -> EpochRecord {
    EpochRecord(
      epoch: epoch, learningRate: 0.01, trainLoss: 0.52, trainAccuracy: 0.823,
      validationAccuracy: accuracy, seconds: 60)
  }

  static func result(of strategy: Strategy, in state: ExplorerState) -> FineTuned {
    FineTuned(
      strategy: strategy, cost: state.model.space.cost(of: strategy), before: start.before,
      after: Accuracy(correct: 1856, images: 2000), epochs: 3, folder: "/runs/a-finetuned-1")
  }

  /// The screen in the second epoch of fine-tuning the last episode.
  static func tuning(glyphs: GlyphSet = .braille) throws -> ExplorerState {
    var state = try searched(glyphs: glyphs)
    state.press("f enter")
    state.take([
      .fineTuning(.started(start)), .fineTuning(.epoch(record(epoch: 1, accuracy: 0.9192))),
      .fineTuning(
        .batch(
          Trainer.Progress(
            epoch: 2, batch: 120, batches: 430, loss: 0.4123, accuracy: 0.8512,
            timeLeft: .seconds(200)))),
    ])
    return state
  }
}

extension String {
  /// What stands between the occurrences of a character.
  fileprivate func components(of separator: Character) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
