extension Rect {
  /// The region without `columns` at the left and right and `rows` at the top and bottom.
  public func inset(columns: Int = 0, rows: Int = 0) -> Rect {
    inset(left: columns, right: columns, top: rows, bottom: rows)
  }

  /// The region without the given margins; each margin is cut to what there is.
  public func inset(left: Int = 0, right: Int = 0, top: Int = 0, bottom: Int = 0) -> Rect {
    let (_, fromLeft) = splitLeft(left)
    let (fromSides, _) = fromLeft.splitRight(right)
    let (_, fromTop) = fromSides.splitTop(top)
    return fromTop.splitBottom(bottom).rest
  }

  /// The first `columns` columns, and what is left.
  public func splitLeft(_ columns: Int) -> (left: Rect, rest: Rect) {
    let taken = min(max(0, columns), width)
    return (
      Rect(x: x, y: y, width: taken, height: height),
      Rect(x: x + taken, y: y, width: width - taken, height: height)
    )
  }

  /// The rest, and the last `columns` columns.
  public func splitRight(_ columns: Int) -> (rest: Rect, right: Rect) {
    let (rest, right) = splitLeft(width - min(max(0, columns), width))
    return (rest, right)
  }

  /// The first `rows` rows, and what is left.
  public func splitTop(_ rows: Int) -> (top: Rect, rest: Rect) {
    let taken = min(max(0, rows), height)
    return (
      Rect(x: x, y: y, width: width, height: taken),
      Rect(x: x, y: y + taken, width: width, height: height - taken)
    )
  }

  /// The rest, and the last `rows` rows.
  public func splitBottom(_ rows: Int) -> (rest: Rect, bottom: Rect) {
    let (rest, bottom) = splitTop(height - min(max(0, rows), height))
    return (rest, bottom)
  }

  /// The row at an offset from the top, one cell high; empty if there is no such row.
  public func row(_ index: Int) -> Rect {
    guard index >= 0, index < height else { return Rect(x: x, y: y, width: 0, height: 0) }
    return Rect(x: x, y: y + index, width: width, height: 1)
  }

  /// Stacks regions from top to bottom with heights in proportion to the weights.
  ///
  /// Rows are handed out so that the regions cover this one exactly.
  public func rows(weights: [Int]) -> [Rect] {
    shares(of: height, weights: weights).map { start, length in
      Rect(x: x, y: y + start, width: width, height: length)
    }
  }

  /// Lines regions up from left to right with widths in proportion to the weights.
  public func columns(weights: [Int]) -> [Rect] {
    shares(of: width, weights: weights).map { start, length in
      Rect(x: x + start, y: y, width: length, height: height)
    }
  }

  /// A region of that size in the middle, cut to what there is.
  public func centred(_ inner: Size) -> Rect {
    let width = min(inner.width, width)
    let height = min(inner.height, height)
    return Rect(
      x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width,
      height: height)
  }

  private func shares(of length: Int, weights: [Int]) -> [(start: Int, length: Int)] {
    let weights = weights.map { min(max(0, $0), Size.limit) }
    let total = max(1, weights.reduce(0, +))
    var sum = 0
    return weights.map { weight in
      let start = length * sum / total
      sum += weight
      return (start, length * sum / total - start)
    }
  }
}
