import Engine
import Explorer
import Metrics
import Patterns
import Search
import Testing

struct ExportTests {
  @Test func writesOnceEveryImageHasBeenSeen() throws {
    var state = try Fixtures.searched()
    let strategy = state.run.shown
    #expect(state.press("x").contains(.measure(strategy)))
    #expect(state.press("enter").isEmpty)
    let final = Measurement(
      cost: state.model.space.cost(of: strategy), accuracy: Accuracy(correct: 1700, images: 2000))
    let effects = state.take([.search(.measured(strategy, final, isFinal: true))])
    guard case .export(let file, let path, let replacing) = effects.first else {
      Issue.record("nothing was written")
      return
    }
    #expect(path == "./small-strategy.json")
    #expect(!replacing)
    #expect(file.strategy == strategy)
    #expect(file.digest == "abc")
    #expect(file.metrics?.validation == final.accuracy)
    state.take([.export(.written(path))])
    #expect(state.overlay == nil)
    #expect(state.screen.notice?.text == "written: ./small-strategy.json")
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
