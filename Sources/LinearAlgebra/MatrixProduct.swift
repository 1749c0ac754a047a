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
