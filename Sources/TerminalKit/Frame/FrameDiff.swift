/// The cells that differ between two frames, as runs in rows from top to bottom.
public struct FrameDiff: Hashable, Sendable {
  /// Cells next to each other in one row.
  public struct Run: Hashable, Sendable {
    /// The row.
    public let y: Int
    /// The columns.
    public let columns: Range<Int>
  }

  /// The runs, sorted by row and column.
  public let runs: [Run]

  /// Compares two frames; if their sizes differ, every cell of the new one is in a run.
  ///
  /// Takes time in proportion to the number of cells.
  public init(from old: Frame, to new: Frame) {
    let width = new.size.width
    var runs: [Run] = []
    for y in 0..<new.size.height {
      var start: Int?
      for x in 0...width {
        let index = y * width + x
        let differs = x < width && (old.size != new.size || old.cells[index] != new.cells[index])
        if differs, start == nil { start = x }
        if !differs, let first = start {
          runs.append(Run(y: y, columns: first..<x))
          start = nil
        }
      }
    }
    self.runs = runs
  }

  /// Whether the frames show the same.
  public var isEmpty: Bool { runs.isEmpty }

  /// How many cells differ.
  public var count: Int { runs.reduce(0) { $0 + $1.columns.count } }
}
