import TerminalKit
import TestSupport
import Testing

struct FrameDiffTests {
  @Test func equalFramesDoNotDiffer() {
    let frame = Frame(size: Size(width: 80, height: 24))
    #expect(FrameDiff(from: frame, to: frame).isEmpty)
  }

  @Test func runsHoldExactlyTheChangedCells() {
    let old = Frame(size: Size(width: 10, height: 2))
    var new = old
    new.put("ab", at: Point(x: 1, y: 0))
    new.put("c", at: Point(x: 9, y: 0))
    new.put(" ", at: Point(x: 0, y: 1), style: Style(.bad))
    let runs = FrameDiff(from: old, to: new).runs
    #expect(runs.map(\.y) == [0, 0, 1])
    #expect(runs.map(\.columns) == [1..<3, 9..<10, 0..<1])
  }

  @Test func anotherSizeChangesEverything() {
    let new = Frame(size: Size(width: 7, height: 3))
    #expect(FrameDiff(from: Frame(size: .zero), to: new).count == 21)
    #expect(FrameDiff(from: new, to: Frame(size: .zero)).isEmpty)
  }

  /// Replaying the runs on the old frame gives the new one.
  @Test func aDiffIsEnoughToRedraw() {
    var random = SplitMix(state: 11)
    let size = Size(width: 16, height: 4)
    var old = Frame(size: size)
    for _ in 0..<200 {
      var new = old
      let point = Point(
        x: .random(in: -2...16, using: &random), y: .random(in: 0...3, using: &random))
      new.put(random.text(4), at: point, style: Style(Role.allCases.randomElement(using: &random)!))
      var replayed = old
      for run in FrameDiff(from: old, to: new).runs {
        let rect = Rect(x: run.columns.lowerBound, y: run.y, width: run.columns.count, height: 1)
        replayed.clipped(to: rect) { $0.draw(new) }
      }
      #expect(replayed == new)
      old = new
    }
  }
}
