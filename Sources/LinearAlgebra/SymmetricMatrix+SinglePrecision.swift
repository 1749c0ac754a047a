internal import CLAPACK

extension SymmetricMatrix {
  /// The inverse of the matrix with `damping` added to its diagonal, row-major in single precision: half the time and
  /// memory of `Cholesky.inverse`.
  ///
  /// - Returns: nil if the matrix is not positive definite in single precision, or holds what is no number.
  package func singlePrecisionInverse(damping: Double) -> [Float]? {
    _ = BLAS.isSingleThreaded
    var (size, status, triangle) = (Int32(order), Int32(0), CChar(UInt8(ascii: "L")))
    var result = values { Float($0) }
    for index in 0..<order {
      result[index * (order + 1)] = Float(self[index, index] + damping)
    }
    if order > 0 { spotrf_(&triangle, &size, &result, &size, &status) }
    guard status == 0, result.allSatisfy(\.isFinite) else { return nil }
    if order > 0 { spotri_(&triangle, &size, &result, &size, &status) }
    guard status == 0 else { return nil }
    // LAPACK's lower triangle is the upper one of the rows.
    for row in 0..<order {
      for column in row..<order {
        result[column * order + row] = result[row * order + column]
      }
    }
    return result
  }
}
