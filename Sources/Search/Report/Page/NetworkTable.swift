internal import ModelGraph
internal import Patterns

/// A network as a table of its nodes, with a rail on its left that shows what reads what.
struct NetworkTable {
  private let space: PruningSpace
  private let strategy: Strategy
  private let masks: [Int: [TapMask]]

  private static let row = 27.0
  private static let lane = 9.0

  /// - Parameter masks: the masks of each node's filters, where they are known.
  init(_ space: PruningSpace, _ strategy: Strategy, masks: [Int: [TapMask]]) {
    self.space = space
    self.strategy = strategy
    self.masks = masks
  }

  private var nodes: [Node] { space.graph.nodes }

  /// The table.
  var markup: Markup {
    let most = Double(nodes.indices.map { space.graph.macs(of: $0) }.max() ?? 1)
    let titles: [(String, String)] = [
      ("", ""), ("node", ""), ("operator", "wide"), ("output", "wide"), ("pattern", ""),
      ("channels", "right"), ("MACs", ""), ("kept", "right"),
    ]
    let head = titles.map { Markup("th", $0.1.isEmpty ? [:] : ["class": $0.1], text: $0.0) }
    let rows = nodes.indices.map { index in
      Markup(
        "tr", [:],
        (index == 0 ? [Markup("td", ["class": "rail", "rowspan": "\(nodes.count)"], [rail])] : [])
          + cells(index, most))
    }
    return Markup(
      "div", ["class": "scroll"],
      [
        Markup(
          "table", ["class": "network"],
          [Markup("thead", [:], [Markup("tr", [:], head)]), Markup("tbody", [:], rows)])
      ])
  }

  private func cells(_ index: Int, _ most: Double) -> [Markup] {
    let node = nodes[index]
    let macs = space.graph.macs(of: index)
    let kept = space.cost(ofNode: index, strategy).macs
    let channels = space.keptChannels(ofNode: index, strategy)
    let patterns = macs > 0 ? patterns(of: index) : []
    func width(_ macs: Int) -> String {
      "width:\((Double(macs) / max(most, 1) * 100).fixed(2))%"
    }
    let meter =
      macs > 0
      ? [
        Markup(
          "span", ["class": "meter", "title": "\(shortCount(kept)) of \(shortCount(macs)) MACs"],
          [
            Markup("i", ["style": width(macs)], text: ""),
            Markup("i", ["style": width(kept)], text: ""),
          ])
      ] : []
    return [
      Markup("td", macs > 0 ? ["class": "module"] : ["class": "soft"], text: node.name),
      Markup("td", ["class": "wide soft"], text: node.op.name),
      Markup("td", ["class": "wide soft"], text: node.shape.description),
      Markup("td", [:], glyph(index) + [Markup(text: patterns.joined(separator: " · "))]),
      Markup(
        "td", ["class": "right"],
        text: macs == 0
          ? ""
          : channels == node.shape.channels ? "\(channels)" : "\(channels)/\(node.shape.channels)"),
      Markup("td", [:], meter),
      Markup(
        "td", ["class": "right"],
        text: macs > 0 ? "\((Double(kept) / Double(macs) * 100).fixed(0)) %" : ""),
    ]
  }

  /// The choices that are about a node, dense ones left out.
  private func patterns(of index: Int) -> [String] {
    space.units(of: index).map { strategy.choices[$0] }.filter { $0 != .dense }.map(\.name)
  }

  /// A kernel, each tap as strong as the share of filters that keep it.
  private func glyph(_ index: Int) -> [Markup] {
    guard let masks = masks[index], let kernel = masks.first?.kernel, kernel.area > 1 else {
      return []
    }
    let size = 15 / Double(max(kernel.height, kernel.width))
    let taps = (0..<kernel.area).map { tap in
      let share = Double(masks.count { $0.keeps(tap) }) / Double(masks.count)
      let (row, column) = tap.quotientAndRemainder(dividingBy: kernel.width)
      let place: KeyValuePairs = [
        "class": share > 0 ? "some" : "none", "x": (Double(column) * size).fixed(2),
        "y": (Double(row) * size).fixed(2), "width": (size - 0.8).fixed(2),
        "height": (size - 0.8).fixed(2),
        "fill-opacity": share > 0 ? (0.25 + 0.75 * share).fixed(2) : "1",
      ]
      return Markup("rect", place)
    }
    return [
      Markup(
        "svg",
        ["class": "taps", "width": "15", "height": "15", "viewBox": "0 0 15 15", "role": "img"],
        [Markup("title", text: "kept taps")] + taps)
    ]
  }

  // MARK: Rail

  /// An edge that passes other nodes, on a lane of its own.
  private struct Detour {
    let from: Int
    let to: Int
    let lane: Int
  }

  /// The edges that pass other nodes, short ones nearest to the nodes.
  private var detours: [Detour] {
    let edges = nodes.indices.flatMap { node in
      Set(nodes[node].inputs).filter { $0 + 1 < node }.map { ($0, node) }
    }.sorted { ($0.1 - $0.0, $0.0) < ($1.1 - $1.0, $1.0) }
    var lanes: [[Range<Int>]] = []
    return edges.map { from, to in
      let free = lanes.firstIndex { $0.allSatisfy { !$0.overlaps(from..<to) } } ?? lanes.count
      if free == lanes.count { lanes.append([]) }
      lanes[free].append(from..<to)
      return Detour(from: from, to: to, lane: free)
    }
  }

  private var rail: Markup {
    let detours = detours
    let lanes = (detours.map(\.lane).max() ?? -1) + 1
    // Very many edges share a lane rather than the page.
    let shown = min(lanes, 14)
    let x = Double(shown) * Self.lane + 7
    func y(_ node: Int) -> Double { (Double(node) + 0.5) * Self.row }
    func text(_ value: Double) -> String { value.fixed(1) }
    var paths = nodes.indices.dropFirst().filter { nodes[$0].inputs.contains($0 - 1) }.map {
      "M\(text(x)) \(text(y($0 - 1)))V\(text(y($0)))"
    }
    for detour in detours {
      let lane = x - Double(min(detour.lane, shown - 1) + 1) * Self.lane
      let (from, to) = (y(detour.from), y(detour.to))
      paths.append(
        "M\(text(x)) \(text(from))Q\(text(lane)) \(text(from)) \(text(lane)) \(text(from + 10))"
          + "V\(text(to - 10))Q\(text(lane)) \(text(to)) \(text(x)) \(text(to))")
    }
    let dots = nodes.indices.map { index in
      let isPruned = !patterns(of: index).isEmpty && space.graph.macs(of: index) > 0
      let isLayer = space.graph.macs(of: index) > 0
      return Markup(
        "circle",
        [
          "class": isPruned ? "pruned" : isLayer ? "layer" : "node", "cx": text(x),
          "cy": text(y(index)), "r": isLayer ? "3.5" : "2.5",
        ])
    }
    let (width, height) = (text(x + 7), text(Double(nodes.count) * Self.row))
    return Markup(
      "svg",
      ["width": width, "height": height, "viewBox": "0 0 \(width) \(height)", "role": "img"],
      [Markup("title", text: "what reads what")] + paths.map { Markup("path", ["d": $0]) } + dots)
  }
}
