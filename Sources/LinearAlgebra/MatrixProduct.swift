internal import CLAPACK

extension [Double] {
  /// Subtracts the product of two row-major matrices, `[rows][inner]` and `[inner][columns]`.
  package mutating func subtractProduct(
    _ left: [Double], _ right: [Double], rows: Int, inner: Int, columns: Int
  ) {
    precondition(
      left.count == rows * inner && right.count == inner * columns && count == rows * columns,
      "matrices do not fit")
    guard rows > 0, inner > 0, columns > 0 else { return }
    _ = BLAS.isSingleThreaded
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), -1,
      left, Int32(inner), right, Int32(columns), 1, &self, Int32(columns))
  }
}

/// The sum of the products of two vectors, whose lengths are equal.
package func dot(_ left: [Float], _ right: [Float]) -> Float {
  precondition(left.count == right.count, "vectors do not fit")
  _ = BLAS.isSingleThreaded
  return cblas_sdot(Int32(left.count), left, 1, right, 1)
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
