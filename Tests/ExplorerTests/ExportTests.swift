import Engine
import Explorer
import Formats
import Metrics
import Patterns
import Search
import TerminalKit
import Testing

struct ExportTests {
  @Test func writesWhatTheSessionHasMadeReady() throws {
    var state = try Fixtures.searched()
    let strategy = state.run.shown
    #expect(state.press("x").contains(.measure(strategy)))
    #expect(state.press("enter") == [.finish(strategy)])
    let ready = Fixtures.searchResult(of: strategy, in: state)
    let final = ready.step.measurement
    #expect(state.take([.search(.measured(strategy, final, isFinal: true))]).isEmpty)
    #expect(state.take([.search(.resolving)]).isEmpty)
    let effects = state.take([.search(.result(ready))])
    guard case .export(let file, let path, let replacing) = effects.first else {
      Issue.record("nothing was written")
      return
    }
    #expect(path == "./small-strategy.json")
    #expect(!replacing)
    #expect(file == ready.file)
    #expect(file.digest == "abc")
    #expect(file.metrics?.validation == final.accuracy)
    state.take([.export(.written(path))])
    #expect(state.overlay == nil)
    let notice = try #require(state.screen.notice?.text)
    #expect(notice.hasPrefix("written: ./small-strategy.json, layers solved again: 85.00 %"))
  }

  @Test func theBestSoFarIsShownWithItsAccuracyOnEveryImage() throws {
    var state = try Fixtures.searched()
    let best = try #require(state.run.history.episodes.first?.best.strategy)
    #expect(state.press("b") == [.findBest])
    state.take([.search(.result(Fixtures.searchResult(of: best, in: state)))])
    #expect(state.run.shown.choices == best.choices && state.run.shownEpisode == 0)
    #expect(state.run.shownMeasurement(in: state.model)?.accuracy.images == 2000)
    #expect(state.screen.notice?.text.contains("layers solved again") == true)
    // A model is made as its strategy says.
    state.press("x tab")
    let effects = state.press("enter")
    guard case .exportModel(let model, _, _) = effects.first else {
      Issue.record("no model was written: \(effects)")
      return
    }
    #expect(model.source == .pruned(state.run.shown, .resolved))
  }

  @Test func everyFormatOfTheCommandLineIsOnOffer() throws {
    var state = try Fixtures.ready()
    state.press("x")
    guard case .export(let dialog) = state.overlay else {
      Issue.record("no dialog")
      return
    }
    let offered = dialog.kinds.compactMap { kind -> ExportFormat? in
      switch kind {
      case .strategy: nil
      case .model(let format, _): .model(format)
      case .report(let format): .report(format)
      }
    }
    #expect(offered == ExportFormat.allCases)
  }

  @Test(arguments: [
    ("net.py", ExportDialog.Kind.model(.pytorch, isFineTuned: false)),
    ("net.onnx", .model(.onnx, isFineTuned: false)), ("net.HTML", .report(.html)),
    ("net.md", .report(.markdown)), ("net.json", .strategy), ("net", .strategy),
  ])
  func theEndOfANameChoosesTheFormat(name: String, kind: ExportDialog.Kind) throws {
    var state = try Fixtures.ready()
    state.press("x ^u")
    for character in name { state.press(String(character)) }
    guard case .export(let dialog) = state.overlay else {
      Issue.record("no dialog")
      return
    }
    #expect(dialog.kind == kind)
    #expect(dialog.path.text == name)
    // What was left is as it was.
    guard kind != .strategy else { return }
    while case .export(let dialog) = state.overlay, dialog.kind != .strategy { state.press("tab") }
    guard case .export(let dialog) = state.overlay else { return }
    #expect(dialog.path.text == "./small-strategy.json")
  }

  /// A fine-tuned model stays one when its form changes.
  @Test func theWeightsStayThoseThatWereChosen() throws {
    var state = try Fixtures.searched()
    state.take([.fineTuning(.known(Fixtures.result(of: state.run.shown, in: state)))])
    state.press("x down down down down backspace backspace backspace backspace p y")
    guard case .export(let dialog) = state.overlay else {
      Issue.record("no dialog")
      return
    }
    #expect(dialog.kind == .model(.pytorch, isFineTuned: true))
    #expect(dialog.path.text == "./small-finetuned.py")
  }

  @Test func asksBeforeOverwriting() throws {
    var state = try Fixtures.ready()
    #expect(state.press("x enter").count { if case .export = $0 { true } else { false } } == 1)
    state.take([.export(.exists("./small-strategy.json"))])
    #expect(state.press("n").isEmpty)
    state.press("enter")
    state.take([.export(.exists("./small-strategy.json"))])
    guard case .export(_, _, let replacing) = state.press("y").first else {
      Issue.record("nothing was written")
      return
    }
    #expect(replacing)
  }

  @Test func failuresAreShownAndThePathCanBeCorrected() throws {
    var state = try Fixtures.ready()
    state.press("x enter")
    state.take([.export(.failed("/nowhere: no such folder"))])
    #expect(state.screen.notice == Notice("/nowhere: no such folder", .failure))
    guard case .export(let dialog) = state.overlay else {
      Issue.record("the dialog has gone")
      return
    }
    #expect(dialog.stage == .asking)
  }

  @Test func editsCountAsExported() throws {
    var state = try Fixtures.ready()
    try state.select("stem")
    state.press("space")
    #expect(state.run.edits.areUnexported)
    state.press("x enter")
    state.take([.export(.written("a.json"))])
    #expect(!state.run.edits.areUnexported)
    #expect(state.press("q") == [.quit])
  }
}
