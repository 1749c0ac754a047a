internal import ModelGraph
internal import Patterns

extension ModelState {
  /// The full name of a row.
  func name(of row: Outline.Row) -> String { outline.name(of: row, in: space.graph) }

  /// The node of a layer; nil for the name of a group.
  func node(of row: Outline.Row) -> Int? {
    if case .layer(let head) = row { outline.heads[head] } else { nil }
  }

  /// The units decided on at a row: taps and channels of layers with weights, heads of attention, too.
  package func units(of row: Outline.Row) -> [Int] {
    guard let node = node(of: row) else { return [] }
    switch space.graph.nodes[node].op {
    case .convolution, .linear: return space.units(of: node)
    case .attention, .matMul, .softmax:
      return space.units(of: node).filter { space.units[$0].kind == .heads }
    default: return []
    }
  }

  /// The units of every layer that a row stands for, ascending.
  func units(within row: Outline.Row) -> [Int] { units(within: outline.heads(of: row)) }

  /// The units of those layers, ascending.
  func units(within heads: Range<Int>) -> [Int] {
    Set(heads.flatMap { units(of: .layer($0)) }).sorted()
  }

  /// Every node that a row stands for.
  package func nodes(in row: Outline.Row) -> [Int] {
    let heads = outline.heads(of: row)
    return outline.headOfNode.indices.filter { heads.contains(outline.headOfNode[$0]) }
  }
}
