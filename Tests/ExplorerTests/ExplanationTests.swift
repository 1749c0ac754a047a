import Explorer
import Patterns
import Search
import TerminalKit
import Testing

@Suite struct ExplanationTests {
  @Test(arguments: Pane.allCases)
  func everyTermIsOnTheScreen(pane: Pane) throws {
    var states = try FrameTests.scenes.filter { $0 != "explained" }.map { try FrameTests.scene($0) }
    var searching = try FrameTests.scene("searched")
    let losses = searching.model.space.units.map { $0.menu.map { $0 == .dense ? 0 : Float(0.25) } }
    searching.take([.search(.sensitivity(Sensitivity(losses: ChoiceTable(rows: losses))))])
    states.append(searching)
    let frames = states.map { view($0, size: Size(width: 200, height: 60)).text }
    for entry in Glossary.entries(of: pane) + Glossary.header {
      #expect(frames.contains { $0.contains(entry.term) }, "\(entry.term)")
    }
  }

  @Test(arguments: Pane.allCases)
  func thePaneWithTheKeyboardIsExplainedToTheEnd(pane: Pane) throws {
    var state = try Fixtures.searched()
    state.press("\(pane.rawValue) i")
    #expect(state.overlay == .explanation(pane, scroll: 0))
    func text(_ size: Size) -> String { view(state, size: size).text }
    for entry in Glossary.entries(of: pane) + Glossary.header {
      // A meaning is broken into lines; its first word stands beside the term.
      let start = entry.meaning.prefix { $0 != " " }
      #expect(text(Size(width: 120, height: 60)).contains(entry.term))
      #expect(text(Size(width: 120, height: 60)).contains(start))
    }
    let last = try #require(Glossary.header.last?.meaning.split(separator: " ").last)
    for _ in 0..<100 { state.press("down") }
    #expect(text(Size(width: 50, height: 14)).contains(last))
    state.press("x")
    #expect(state.overlay == nil)
  }
}
