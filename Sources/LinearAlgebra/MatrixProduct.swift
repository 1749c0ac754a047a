internal import CLAPACK

extension [Float] {
  /// Subtracts the product of two row-major matrices, `[rows][inner]` and `[inner][columns]`.
  package mutating func subtractProduct(
    _ left: [Float], _ right: [Float], rows: Int, inner: Int, columns: Int
  ) {
    precondition(
      left.count == rows * inner && right.count == inner * columns && count == rows * columns,
      "matrices do not fit")
    guard rows > 0, inner > 0, columns > 0 else { return }
    _ = BLAS.isSingleThreaded
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), -1,
      left, Int32(inner), right, Int32(columns), 1, &self, Int32(columns))
  }
}

/// The inner product of the first numbers of a vector with some of another's.
func inner(_ left: [Float], _ right: [Float], from first: Int, count: Int) -> Float {
  precondition(count <= left.count && first >= 0 && first + count <= right.count)
  _ = BLAS.isSingleThreaded
  return right.withUnsafeBufferPointer { right in
    right.baseAddress.map { cblas_sdot(Int32(count), left, 1, $0 + first, 1) } ?? 0
  }
}

/// The product of `[rows][inner]` with the transpose of `[columns][inner]`: `[rows][columns]`.
package func product(
  _ left: [Double], byTransposeOf right: [Double], inner: Int
) -> [Double] {
  guard inner > 0 else { return [] }
  let (rows, columns) = (left.count / inner, right.count / inner)
  precondition(
    left.count == rows * inner && right.count == columns * inner, "matrices do not fit")
  guard rows > 0, columns > 0 else { return [] }
  _ = BLAS.isSingleThreaded
  return [Double](unsafeUninitializedCapacity: rows * columns) { result, count in
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner), 1,
      left, Int32(inner), right, Int32(inner), 0, result.baseAddress, Int32(columns))
    count = rows * columns
  }
}
