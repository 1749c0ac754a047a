import Explorer
import ModelGraph
import Patterns
import Search
import TerminalKit
import Testing

struct OutlineTests {
  private func names(_ state: ExplorerState) -> [String] {
    state.layers.rows.map { row in
      switch row {
      case .group(let group, let isFolded):
        (isFolded ? "▸ " : "▾ ") + state.model.outline.groups[group].prefix
      case .siblings(let all): "▸ \(state.model.outline.groups[all[0]].prefix) ×\(all.count)"
      case .layer(let head): state.model.space.graph.nodes[state.model.outline.heads[head]].name
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

  @Test func foldedGroupsThatAreAlikeAreOneRow() throws {
    var declarations: [NodeDeclaration] = []
    for block in 0..<4 {
      for layer in 0..<6 {
        // The third block is wider inside.
        let channels = block == 2 && layer == 3 ? 32 : 16
        declarations.append(
          Fixtures.convolution(
            "blocks.\(block).conv\(layer)", from: declarations.last?.name ?? "input",
            channels: channels))
      }
    }
    let graph = try Graph(input: Shape([16, 8, 8]), declarations: declarations)
    var state = ExplorerState(
      ModelState(name: "Blocks", fileName: "blocks", space: PruningSpace(graph)),
      settings: SearchSettings())
    for block in 0..<4 {
      try state.select("blocks.\(block).conv0")
      state.press("enter")
    }
    #expect(
      names(state) == ["input", "▾ blocks", "▸ blocks.0 ×2", "▸ blocks.2", "▸ blocks.3"])
    state.layers.selection = 2
    #expect(view(state, size: Size(width: 80, height: 24)).text.contains("▸ blocks.0–1 ×2"))
    state.press("space")
    #expect(state.run.live.pins.contains(true))
    state.press("right")
    #expect(names(state).prefix(4) == ["input", "▾ blocks", "▾ blocks.0", "blocks.0.conv0"])
    #expect(names(state).contains("▾ blocks.1"))
    #expect(state.layers.selection == 2)
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
    #expect(state.layers.selection == 2)
    #expect(
      state.layers.graphRows.rails.map { $0.trimmingSuffix() } == [
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
