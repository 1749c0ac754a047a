import Explorer
import Patterns
import Search
import TerminalKit
import Testing

/// The list of stored runs.
struct RunBrowserTests {
  private let size = Size(width: 120, height: 40)

  @Test func itTellsWhatEachRunCameTo() throws {
    let state = try Fixtures.withStoredRuns()
    let lines = view(state, size: size).text.split(separator: "\n")
    // Those of this model come first.
    let order = ["2026-11-24 14:03", "first try", "2026-11-24 11:00"].map { name in
      lines.firstIndex { $0.contains(name) }
    }
    #expect(order == order.sorted { $0 ?? 0 < $1 ?? 0 } && !order.contains(nil))
    let named = try #require(lines.first { $0.contains("first try") })
    for part in ["62", "MACs 35", "90.2", "2", "92.8", "stem pinned"] {
      #expect(named.contains(part), "\(part)")
    }
  }

  @Test func twoAreCompared() throws {
    var state = try Fixtures.withStoredRuns()
    state.press("c")
    #expect(view(state, size: size).text.contains("◇"))
    // Of another model nothing can be compared.
    state.press("G c")
    #expect(state.screen.notice?.text == "it is of another model")
    state.press("k c")
    let text = view(state, size: size).text
    #expect(text.contains("Side by side") && text.contains("first try"))
    #expect(text.contains("choices differ"))
    state.press("esc")
    #expect(view(state, size: size).text.contains("─ Runs"))
  }

  @Test func namesAndNotesAreWritten() throws {
    var state = try Fixtures.withStoredRuns()
    #expect(
      state.press("r a b enter") == [.labelRun("/runs/1.sqlite", RunLabel(name: "ab"))])
    state.press("n")
    state.take([.paste("best so far")])
    #expect(
      state.press("enter")
        == [.labelRun("/runs/1.sqlite", RunLabel(name: "ab", note: "best so far"))])
    #expect(view(state, size: size).text.contains("best so far"))
    #expect(state.press("n x esc").isEmpty)
  }

  @Test func deletingAsks() throws {
    var state = try Fixtures.withStoredRuns()
    state.press("down x")
    let text = view(state, size: size).text
    #expect(text.contains("Delete the run?") && text.contains("and the models"))
    #expect(state.press("esc").isEmpty)
    // A hasty enter keeps it.
    #expect(state.press("R down x enter") == [.listRuns])
    #expect(state.press("R down x x") == [.listRuns, .deleteRun("/runs/62.sqlite")])
  }

  @Test func someRunsAreNotOpenedHere() throws {
    var state = try Fixtures.withStoredRuns()
    state.press("G enter")
    #expect(state.screen.notice?.text.contains("--resume /runs/9.sqlite") == true)
    // Where the model is known, it takes the place of the present one.
    state.model.storedRuns[2].summary.source = "/m/other.onnx"
    #expect(state.press("enter") == [.open(model: "/m/other.onnx", run: "/runs/9.sqlite")])
    state.model.runPath = "/runs/1.sqlite"
    state.press("g enter")
    #expect(state.screen.notice?.text == "this is the run on the screen")
    #expect(state.press("x").isEmpty)
    #expect(state.screen.notice?.text == "this is the run on the screen")
    state.take([.search(.searching(true))])
    state.press("down enter")
    #expect(state.screen.notice?.text == "the search is running; p pauses it")
    #expect(state.overlay != nil)
  }
}
