package import ModelGraph

/// The rows of the graph pane with their rails, for what is folded at the moment.
package struct GraphRows: Sendable {
  /// From top to bottom.
  package let rows: [Outline.Row]
  /// The rails of each row.
  package let rails: [String]
  /// Columns of the rails.
  package let railWidth: Int

  /// The rows of an outline.
  package init(_ outline: Outline, of graph: Graph, folded: Set<String>) {
    rows = outline.rows(folded: folded)
    // Rows that are nodes of the drawn graph: layers and folded groups.
    var nodeOfHead = [Int](repeating: 0, count: outline.heads.count)
    var count = 0
    for row in rows {
      switch row {
      case .layer(let head): nodeOfHead[head] = count
      case .group(_, isFolded: true), .siblings:
        for head in outline.heads(of: row) { nodeOfHead[head] = count }
      case .group(_, isFolded: false): continue
      }
      count += 1
    }
    var inputs = [Set<Int>](repeating: [], count: count)
    for (head, sources) in outline.inputs.enumerated() {
      for source in sources where nodeOfHead[source] != nodeOfHead[head] {
        inputs[nodeOfHead[head]].insert(nodeOfHead[source])
      }
    }
    let layout = RailLayout(inputs: inputs.map { $0.sorted() })
    var node = 0
    rails = rows.map { row in
      switch row {
      case .group(_, isFolded: false): return layout.passing(above: node)
      case .group(_, isFolded: true), .siblings:
        node += 1
        return layout.text(row: node - 1, glyph: "◉")
      case .layer(let head):
        node += 1
        return layout.text(row: node - 1, glyph: graph.nodes[outline.heads[head]].op.glyph)
      }
    }
    railWidth = layout.width
  }
}
