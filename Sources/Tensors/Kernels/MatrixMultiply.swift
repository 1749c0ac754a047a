extension Tensor {
  /// The matrix product of the last two axes, either operand optionally transposed first; leading axes must
  /// be equal and make a batch. [..., m, k] x [..., k, n] -> [..., m, n].
  ///
  /// Both operands are packed into panels once, which absorbs transposition and ragged edges alike.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func matmul(_ other: Tensor, transposingLeft: Bool, transposingRight: Bool) -> Tensor {
    precondition(
      rank >= 2 && rank == other.rank && shape.dropLast(2) == other.shape.dropLast(2),
      "matmul of \(shape) and \(other.shape)")
    let (leftRows, leftColumns) = (shape[rank - 2], shape[rank - 1])
    let (rightRows, rightColumns) = (other.shape[rank - 2], other.shape[rank - 1])
    let m = transposingLeft ? leftColumns : leftRows
    let depth = transposingLeft ? leftRows : leftColumns
    let n = transposingRight ? rightRows : rightColumns
    precondition(
      depth == (transposingRight ? rightColumns : rightRows),
      "matmul of \(shape) and \(other.shape)")
    let batch = shape.dropLast(2).reduce(1, *)

    return Tensor(shape: shape.dropLast(2) + [m, n]) { output in
      for i in 0..<batch {
        let rows = scalars.withUnsafeBufferPointer {
          pack(
            .init(rebasing: $0[(i * m * depth)..<((i + 1) * m * depth)]), length: m, depth: depth,
            width: PanelProduct<Scalar>.rowCount, alongDepth: transposingLeft)
        }
        let columns = other.scalars.withUnsafeBufferPointer {
          pack(
            .init(rebasing: $0[(i * n * depth)..<((i + 1) * n * depth)]), length: n, depth: depth,
            width: PanelProduct<Scalar>.columnCount, alongDepth: !transposingRight)
        }
        multiply(
          rows: rows, columns: columns, depth: depth, columnCount: n,
          into: .init(rebasing: output[(i * m * n)..<((i + 1) * m * n)]))
      }
    }
  }
}

/// Rearranges a matrix of `length` rows over `depth` into panels of `width` rows, the rows of a panel
/// interleaved and the last panel filled with zeros. `alongDepth`: the source is stored [depth, length],
/// otherwise [length, depth].
@inline(__always)
private func pack<Scalar: TensorScalar>(
  _ source: UnsafeBufferPointer<Scalar>, length: Int, depth: Int, width: Int, alongDepth: Bool
) -> [Scalar] {
  precondition(source.count == length * depth)
  let panels = (length + width - 1) / width
  let count = panels * depth * width
  return Array(unsafeUninitializedCapacity: count) { packed, initialized in
    for panel in 0..<panels {
      let first = panel * width
      let used = min(width, length - first)
      let base = panel * depth * width
      for p in 0..<depth {
        let row = base &+ p &* width
        if alongDepth {
          for i in 0..<used { packed[row &+ i] = source[p &* length &+ first &+ i] }
        } else {
          for i in 0..<used { packed[row &+ i] = source[(first &+ i) &* depth &+ p] }
        }
        for i in used..<width { packed[row &+ i] = 0 }
      }
    }
    initialized = count
  }
}

/// Multiplies every panel of rows with every panel of columns and stores the parts of the tiles that lie
/// within `output`, [rows, columnCount].
@inline(__always)
private func multiply<Scalar: TensorScalar>(
  rows: [Scalar], columns: [Scalar], depth: Int, columnCount: Int,
  into output: UnsafeMutableBufferPointer<Scalar>
) {
  guard columnCount > 0, !output.isEmpty else { return }
  guard depth > 0 else { return output.initialize(repeating: 0) }
  let rowCount = output.count / columnCount
  let height = PanelProduct<Scalar>.rowCount
  let width = PanelProduct<Scalar>.columnCount
  precondition(
    rows.count >= rowCount * depth && columns.count >= columnCount * depth
      && output.count == rowCount * columnCount)
  rows.withUnsafeBufferPointer { rows in
    columns.withUnsafeBufferPointer { columns in
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: height * width) { tile in
        tile.initialize(repeating: 0)
        for left in stride(from: 0, to: columnCount, by: width) {
          let columnPanel = UnsafeBufferPointer(
            rebasing: columns[(left * depth)..<((left + width) * depth)])
          for top in stride(from: 0, to: rowCount, by: height) {
            let panels = PanelProduct(
              depth: depth,
              rows: UnsafeBufferPointer(rebasing: rows[(top * depth)..<((top + height) * depth)]),
              columns: columnPanel)
            Scalar.multiply(panels, into: tile)
            let right = min(width, columnCount - left)
            for i in 0..<min(height, rowCount - top) {
              let row = (top + i) * columnCount + left
              for j in 0..<right { output[row &+ j] = tile[i &* width &+ j] }
            }
          }
        }
      }
    }
  }
}
