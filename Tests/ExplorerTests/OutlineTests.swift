import Explorer
import ModelGraph
import Patterns
import Testing

struct OutlineTests {
  private func names(_ state: ExplorerState) -> [String] {
    state.graphRows.rows.map { row in
      switch row {
      case .group(let group, let isFolded):
        (isFolded ? "▸ " : "▾ ") + state.outline.groups[group].prefix
      case .layer(let head): state.space.graph.nodes[state.outline.heads[head]].name
      }
    }
  }

  @Test func activationsAreFoldedIntoTheirLayers() throws {
    let state = try Fixtures.launched()
    #expect(
      names(state) == [
        "input", "stem", "▾ layer1", "layer1.conv1", "layer1.conv2", "layer1.add", "▾ layer2",
        "layer2.conv1", "layer2.conv2", "layer2.down", "layer2.add", "pool", "fc",
      ])
  }

  @Test func foldingKeepsTheSkipsAround() throws {
    var state = try Fixtures.launched()
    try state.select("layer1.conv2")
    state.press("enter")
    #expect(
      names(state) == [
        "input", "stem", "▸ layer1", "▾ layer2", "layer2.conv1", "layer2.conv2", "layer2.down",
        "layer2.add", "pool", "fc",
      ])
    #expect(state.selection == 2)
    #expect(
      state.graphRows.rails.map { $0.trimmingSuffix() } == [
        "○", "●", "◉─╮", "│ │", "● │", "● │", "│ ●", "⊕─╯", "○", "●",
      ])
    state.press("right")
    #expect(names(state).contains("▾ layer1"))
  }
}

extension String {
  /// Without spaces at its end.
  func trimmingSuffix() -> String { String(reversed().drop { $0 == " " }.reversed()) }
}
