package import ModelGraph

/// The graph as rows: each layer with its normalisation and activation folded into it, and groups
/// of layers whose names begin alike.
package struct Outline: Sendable {
  /// Layers whose names begin alike and that follow one another.
  package struct Group: Hashable, Sendable {
    /// The beginning of their names, without the last dot.
    package let prefix: String
    /// How many groups it lies within.
    package let depth: Int
    /// Its layers, as positions in `heads`.
    package let heads: Range<Int>
  }

  /// A row of the pane.
  package enum Row: Hashable, Sendable {
    /// The name of a group, opened or folded; the number is its place in `groups`.
    case group(Int, isFolded: Bool)
    /// Folded groups that follow one another and are alike, shown as one.
    case siblings([Int])
    /// A layer; the number is its position in `heads`.
    case layer(Int)
  }

  /// For each row that stands for itself, its node; ascending.
  package let heads: [Int]
  /// For each node, the position in `heads` of the row that it is part of.
  package let headOfNode: [Int]
  /// Outer groups before those within.
  package let groups: [Group]
  /// For each position in `heads`, the positions it reads.
  package let inputs: [[Int]]
  /// For each group a number that groups of the same layers share.
  private let kinds: [Int]

  /// The rows of a graph.
  package init(_ graph: Graph) {
    var heads: [Int] = []
    var headOfNode: [Int] = []
    for (index, node) in graph.nodes.enumerated() {
      if Self.isFolded(node.op), let source = node.inputs.first,
        graph.consumers[source] == [index]
      {
        headOfNode.append(headOfNode[source])
      } else {
        headOfNode.append(heads.count)
        heads.append(index)
      }
    }
    var inputs = [Set<Int>](repeating: [], count: heads.count)
    for (index, node) in graph.nodes.enumerated() {
      for source in node.inputs where headOfNode[source] != headOfNode[index] {
        inputs[headOfNode[index]].insert(headOfNode[source])
      }
    }
    self.heads = heads
    self.headOfNode = headOfNode
    self.inputs = inputs.map { $0.sorted() }
    let names = heads.map { graph.nodes[$0].name.split(separator: ".").map(String.init) }
    let groups = Self.groups(of: names, in: names.indices, level: 1, depth: 0)
    self.groups = groups
    var known: [[String]: Int] = [:]
    kinds = groups.map { group in
      let layers = group.heads.map { head in
        let node = graph.nodes[heads[head]]
        return "\(node.name.dropFirst(group.prefix.count)) \(node.op.label) \(node.shape)"
      }
      known[layers] = known[layers] ?? known.count
      return known[layers] ?? 0
    }
  }

  /// Whether an operator is shown with the layer before it.
  private static func isFolded(_ op: Operator) -> Bool {
    switch op {
    case .batchNormalization, .layerNormalization, .groupNormalization, .activation,
      .parametricRelu,
      .flatten, .reshape, .transpose, .expand:
      true
    default: false
    }
  }

  /// Runs of names with the same first `level` parts, long enough to be worth a row.
  private static func groups(
    of names: [[String]], in range: Range<Int>, level: Int, depth: Int
  ) -> [Group] {
    var result: [Group] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let prefix = Array(names[start].prefix(level))
      var end = start + 1
      while end < range.upperBound, Array(names[end].prefix(level)) == prefix { end += 1 }
      let run = start..<end
      if names[start].count > level, run.count > 1 {
        let isWorthARow = level == 1 || (run.count >= 6 && run != range)
        if isWorthARow {
          result.append(
            Group(prefix: prefix.joined(separator: "."), depth: depth, heads: run))
        }
        if level < 8 {
          result += groups(
            of: names, in: run, level: level + 1, depth: depth + (isWorthARow ? 1 : 0))
        }
      }
      start = end
    }
    return result
  }

  /// The rows when the groups with these prefixes are folded.
  package func rows(folded: Set<String>) -> [Row] {
    var rows: [Row] = []
    var position = 0
    var next = 0
    while position < heads.count {
      var skipped = false
      while next < groups.count, groups[next].heads.lowerBound == position {
        let isFolded = folded.contains(groups[next].prefix)
        rows.append(.group(next, isFolded: isFolded))
        next += 1
        guard isFolded else { continue }
        position = groups[next - 1].heads.upperBound
        while next < groups.count, groups[next].heads.lowerBound < position { next += 1 }
        skipped = true
        break
      }
      guard !skipped else { continue }
      rows.append(.layer(position))
      position += 1
    }
    return merged(rows)
  }

  /// The rows with folded groups that are alike and follow one another as one row.
  private func merged(_ rows: [Row]) -> [Row] {
    var result: [Row] = []
    for row in rows {
      guard case .group(let group, isFolded: true) = row, let last = result.last else {
        result.append(row)
        continue
      }
      switch last {
      case .group(let other, isFolded: true) where isLike(other, group):
        result[result.count - 1] = .siblings([other, group])
      case .siblings(let others) where isLike(others[0], group):
        result[result.count - 1] = .siblings(others + [group])
      default: result.append(row)
      }
    }
    return result
  }

  private func isLike(_ group: Int, _ other: Int) -> Bool {
    kinds[group] == kinds[other] && groups[group].depth == groups[other].depth
  }

  /// The layers that a row stands for, as positions in `heads`.
  package func heads(of row: Row) -> Range<Int> {
    switch row {
    case .layer(let head): head..<head + 1
    case .group(let group, _): groups[group].heads
    case .siblings(let all):
      groups[all[0]].heads.lowerBound..<groups[all[all.count - 1]].heads.upperBound
    }
  }

  /// The full name of a row: a node's name, a group's prefix, those of the first and the last sibling.
  package func name(of row: Row, in graph: Graph) -> String {
    switch row {
    case .layer(let head): graph.nodes[heads[head]].name
    case .group(let group, _): groups[group].prefix
    case .siblings(let all):
      groups[all[0]].prefix + "–"
        + (groups[all[all.count - 1]].prefix.split(separator: ".").last ?? "")
    }
  }

  /// The groups around a layer, outermost first.
  package func groups(around head: Int) -> [Int] {
    groups.indices.filter { groups[$0].heads.contains(head) }
  }

  /// The groups around everything that a row stands for, outermost first; a group is around itself.
  package func groups(around row: Row) -> [Int] {
    let heads = heads(of: row)
    return groups(around: heads.lowerBound).filter {
      groups[$0].heads.upperBound >= heads.upperBound
    }
  }

  /// The name of a layer within the groups around it.
  package func shortName(ofHead head: Int, in graph: Graph) -> String {
    let name = graph.nodes[heads[head]].name
    guard let inner = groups(around: head).last else { return name }
    return String(name.dropFirst(groups[inner].prefix.count + 1))
  }
}
