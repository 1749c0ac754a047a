/// The innermost product of a matrix multiplication: 4 packed rows times 8 packed columns.
///
/// `rows` holds, for each of `depth` positions along the shared axis, one element of each of 4 rows;
/// `columns` one element of each of 8 columns. The result is the 4 x 8 tile in row-major order. Every
/// element is summed over the shared axis in order, so that a tile's place in the matrix does not show in
/// its bits.
public struct PanelProduct<Scalar: TensorScalar> {
  static var rowCount: Int { 4 }
  static var columnCount: Int { 8 }

  let depth: Int
  let rows: UnsafeBufferPointer<Scalar>
  let columns: UnsafeBufferPointer<Scalar>

  init(depth: Int, rows: UnsafeBufferPointer<Scalar>, columns: UnsafeBufferPointer<Scalar>) {
    precondition(rows.count == depth * Self.rowCount && columns.count == depth * Self.columnCount)
    self.depth = depth
    self.rows = rows
    self.columns = columns
  }

  @inline(__always)
  func multiplyPlainly(into tile: UnsafeMutableBufferPointer<Scalar>) {
    precondition(tile.count == Self.rowCount * Self.columnCount)
    for i in 0..<Self.rowCount {
      for j in 0..<Self.columnCount {
        var sum: Scalar = 0
        for p in 0..<depth {
          sum += rows[p * Self.rowCount + i] * columns[p * Self.columnCount + j]
        }
        tile[i * Self.columnCount + j] = sum
      }
    }
  }
}

extension PanelProduct<Float> {
  func multiplyInRegisters(into tile: UnsafeMutableBufferPointer<Float>) {
    precondition(tile.count == Self.rowCount * Self.columnCount)
    guard depth > 0, let a = rows.baseAddress, let b = columns.baseAddress else {
      return tile.update(repeating: 0)
    }
    var row0 = SIMD8<Float>.zero
    var row1 = SIMD8<Float>.zero
    var row2 = SIMD8<Float>.zero
    var row3 = SIMD8<Float>.zero
    let bytes = UnsafeRawPointer(b)
    for p in 0..<depth {
      let column = bytes.loadUnaligned(fromByteOffset: p &* 32, as: SIMD8<Float>.self)
      row0 += column * a[p &* 4]
      row1 += column * a[p &* 4 &+ 1]
      row2 += column * a[p &* 4 &+ 2]
      row3 += column * a[p &* 4 &+ 3]
    }
    for j in 0..<8 {
      tile[j] = row0[j]
      tile[8 + j] = row1[j]
      tile[16 + j] = row2[j]
      tile[24 + j] = row3[j]
    }
  }
}
