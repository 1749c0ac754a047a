import Explorer
import Testing

/// Rails of graphs given by the rows that each row reads.
struct RailLayoutTests {
  /// The rows as text, `o` for each node.
  private func drawn(_ inputs: [[Int]]) -> [String] {
    let layout = RailLayout(inputs: inputs)
    return inputs.indices.map { row in
      let text = layout.text(row: row, glyph: inputs[row].count > 1 ? "⊕" : "●")
      #expect(text.count == layout.width)
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
  }

  @Test func chain() {
    #expect(drawn([[], [0], [1]]) == ["●", "●", "●"])
  }

  @Test func residualBlocks() {
    #expect(
      drawn([[], [0], [1], [0, 2], [3], [4], [3, 5], [6]])
        == ["●─╮", "● │", "● │", "⊕─┤", "● │", "● │", "⊕─╯", "●"])
  }

  @Test func projectionOnTheRail() {
    #expect(
      drawn([[], [0], [1], [0], [2, 3], [4]])
        == ["●─╮", "● │", "● │", "│ ●", "⊕─╯", "●"])
  }

  @Test func nestedSkips() {
    #expect(
      drawn([[], [0], [1], [1, 2], [0, 3]])
        == ["●─╮", "●─┼─╮", "● │ │", "⊕─┼─╯", "⊕─╯"])
  }

  @Test func oneValueReadTwice() {
    #expect(
      drawn([[], [0], [0, 1], [2], [0, 3]])
        == ["●─╮", "● │", "⊕─┤", "● │", "⊕─╯"])
  }

  @Test func longSkipBesideBlocks() {
    #expect(
      drawn([[], [0], [1], [1, 2], [3], [3, 4], [0, 5]])
        == ["●─╮", "●─┼─╮", "● │ │", "⊕─┼─┤", "● │ │", "⊕─┼─╯", "⊕─╯"])
  }

  @Test func moreRailsThanAreDrawn() {
    // Five values wait for five sums at the end.
    let inputs = [[], [0], [1], [2], [3], [4], [4, 5], [3, 6], [2, 7], [1, 8], [0, 9]]
    let lines = drawn(inputs)
    #expect(lines[5] == "● │ │ │╎×2")
    #expect(lines[10] == "⊕─╯")
    #expect(lines.allSatisfy { $0.count <= 10 })
  }

  @Test(arguments: 1...40)
  func anyGraphHasOneNodeInEveryRow(seed: Int) {
    var state = UInt32(truncatingIfNeeded: seed &* 7919 + 1)
    func random(_ limit: Int) -> Int {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int(state >> 8) % limit
    }
    let inputs = (0..<30).map { row -> [Int] in
      guard row > 0 else { return [] }
      return Array(Set((0...random(3)).map { _ in random(row) })).sorted()
    }
    for line in drawn(inputs) { #expect(line.count { $0 == "●" || $0 == "⊕" } == 1) }
  }
}
