/// Where the skip connections of a graph run: a spine at the left, rails to its right.
///
///     ●─╮   a value that is also read further down leaves the spine
///     ● │
///     ⊕─┤   it is added, and the sum is read further down in turn
///     │ ●   a layer on the rail itself, such as a projection
///     ⊕─╯
///
/// Each value takes one rail, from the row that yields it to the last row that reads it; rails get
/// the leftmost free column (interval colouring). A node lies on its input's rail when the
/// spine passes by with a value for later.
package struct RailLayout: Hashable, Sendable {
  /// A value on its way past rows that do not read it.
  struct Rail: Hashable, Sendable {
    var lane: Int
    var from: Int
    var to: Int
    var readers: Set<Int>
  }

  /// Rails that are drawn; of further ones the number is shown.
  package static let maximumRails = 3

  /// For each row its column, 0 for the spine.
  package let nodeLane: [Int]
  let rails: [Rail]
  /// Whether the spine passes from the row above into each row.
  private let spineAbove: [Bool]
  private let lanes: Int

  /// Lays out `inputs.count` rows.
  ///
  /// - Parameter inputs: for each row the earlier rows that it reads.
  package init(inputs: [[Int]]) {
    let count = inputs.count
    var readers = [[Int]](repeating: [], count: count)
    for (row, sources) in inputs.enumerated() {
      for source in sources where source < row { readers[source].append(row) }
    }
    let isSide = Self.sideNodes(inputs, readers)
    let spine = (0..<count).filter { !isSide[$0] }
    var nextOnSpine = [Int?](repeating: nil, count: count)
    var spineAbove = [Bool](repeating: false, count: count)
    for (row, next) in zip(spine, spine.dropFirst()) where readers[row].contains(next) {
      nextOnSpine[row] = next
      for passed in row + 1...next { spineAbove[passed] = true }
    }

    var lane = [Int](repeating: 0, count: count)
    var rails: [Rail] = []
    var railOfRow: [Int: Int] = [:]
    // The row at which each column is free again; column 0 is the spine.
    var freeFrom: [Int] = [0]
    func free(at row: Int) -> Int {
      if let found = freeFrom.indices.dropFirst().first(where: { freeFrom[$0] <= row }) {
        return found
      }
      freeFrom.append(0)
      return freeFrom.count - 1
    }
    for row in 0..<count {
      if isSide[row] {
        let source = inputs[row].first ?? 0
        if let rail = railOfRow[source], rails[rail].to == row {
          lane[row] = rails[rail].lane
        } else {
          lane[row] = free(at: row - 1)
        }
      }
      let wanted = readers[row].filter { $0 != nextOnSpine[row] }
      guard let last = wanted.max() else {
        if lane[row] > 0 { freeFrom[lane[row]] = row + 1 }
        continue
      }
      let own = isSide[row] ? lane[row] : free(at: row)
      freeFrom[own] = last
      railOfRow[row] = rails.count
      rails.append(Rail(lane: own, from: row, to: last, readers: Set(wanted)))
    }
    nodeLane = lane
    self.rails = rails
    self.spineAbove = spineAbove
    lanes = freeFrom.count - 1
  }

  /// A node leaves the spine when it does not read the value there and that value is needed later.
  private static func sideNodes(_ inputs: [[Int]], _ readers: [[Int]]) -> [Bool] {
    var isSide = [Bool](repeating: false, count: inputs.count)
    var lastOnSpine = 0
    for row in inputs.indices.dropFirst() {
      let isElsewhere = inputs[row].count == 1 && inputs[row] != [lastOnSpine]
      isSide[row] = isElsewhere && readers[lastOnSpine].contains { $0 > row }
      if !isSide[row] { lastOnSpine = row }
    }
    return isSide
  }

  /// Columns that every row takes.
  package var width: Int {
    2 * min(lanes, Self.maximumRails) + 1 + (lanes > Self.maximumRails ? 3 : 0)
  }

  /// The rails at a row, with the row's own glyph.
  package func text(row: Int, glyph: Character) -> String {
    let node = nodeLane[row]
    let joined = rails.filter { ($0.from == row || $0.readers.contains(row)) && $0.lane != node }
    let columns = joined.map(\.lane) + [node]
    let span = (columns.min() ?? 0)...(columns.max() ?? 0)
    var cells = [Character](repeating: " ", count: 2 * max(lanes, span.upperBound) + 1)
    for column in 2 * span.lowerBound...2 * span.upperBound { cells[column] = "─" }
    for lane in 0..<(cells.count + 1) / 2 where lane != node {
      let up =
        lane == 0 ? spineAbove[row] : rails.contains { $0.lane == lane && $0.passes(above: row) }
      let down =
        lane == 0
        ? row + 1 < spineAbove.count && spineAbove[row + 1]
        : rails.contains { $0.lane == lane && $0.passes(above: row + 1) }
      let isJoined = joined.contains { $0.lane == lane }
      let isInside = span.contains(lane)
      guard up || down else { continue }
      cells[2 * lane] = Self.glyph(
        up: up, down: down,
        left: isInside && (isJoined ? lane > node || lane > span.lowerBound : true),
        right: isInside && (isJoined ? lane < node || lane < span.upperBound : true))
    }
    cells[2 * node] = glyph
    // A node on a rail that is not drawn stands where the number of those rails does.
    return finished(
      cells, hidden: hiddenRails { $0.from <= row && row <= $0.to },
      mark: node > Self.maximumRails ? glyph : "╎")
  }

  /// The rails between the row above and `row`, as for the name of a group.
  package func passing(above row: Int) -> String {
    var cells = [Character](repeating: " ", count: 2 * lanes + 1)
    if spineAbove.indices.contains(row), spineAbove[row] { cells[0] = "│" }
    for rail in rails where rail.passes(above: row) { cells[2 * rail.lane] = "│" }
    return finished(cells, hidden: hiddenRails { $0.passes(above: row) })
  }

  private func hiddenRails(_ isActive: (Rail) -> Bool) -> Int {
    rails.count { $0.lane > Self.maximumRails && isActive($0) }
  }

  private func finished(_ cells: [Character], hidden: Int, mark: Character = "╎") -> String {
    let shown = 2 * min(lanes, Self.maximumRails) + 1
    let line = String(cells.prefix(shown))
    guard lanes > Self.maximumRails else { return line }
    guard hidden > 0 else { return line + (mark == "╎" ? "   " : "\(mark)  ") }
    return line + (hidden < 10 ? "\(mark)×\(hidden)" : "\(mark)×+")
  }

  private static func glyph(up: Bool, down: Bool, left: Bool, right: Bool) -> Character {
    switch (up, down, left, right) {
    case (_, _, false, false): "│"
    case (true, true, true, true): "┼"
    case (true, true, true, false): "┤"
    case (true, true, false, true): "├"
    case (true, false, true, true): "┴"
    case (true, false, true, false): "╯"
    case (true, false, false, true): "╰"
    case (false, true, true, true): "┬"
    case (false, true, true, false): "╮"
    case (false, true, false, true): "╭"
    case (false, false, _, _): "─"
    }
  }
}

extension RailLayout.Rail {
  /// Whether it comes from above `row` and reaches it.
  func passes(above row: Int) -> Bool { from < row && row <= to }
}
