internal import CLAPACK

/// The Cholesky factor of a positive definite matrix: solves systems with it.
public struct Cholesky: Sendable {
  private let order: Int32
  /// In LAPACK's lower triangle.
  private var factor: [Double]

  /// Factors `matrix` with `damping` added to its diagonal, in order^3 / 3 multiply-accumulates.
  ///
  /// Nil if that is not positive definite, or holds what is no number.
  public init?(_ matrix: SymmetricMatrix, damping: Double = 0) {
    _ = BLAS.isSingleThreaded
    var (order, status): (Int32, Int32) = (Int32(matrix.order), 0)
    factor = matrix.values
    for index in 0..<matrix.order { factor[index * (matrix.order + 1)] += damping }
    var triangle = Self.lower
    if order > 0 { dpotrf_(&triangle, &order, &factor, &order, &status) }
    guard status == 0, factor.allSatisfy(\.isFinite) else { return nil }
    self.order = order
  }

  /// The solutions for any number of right-hand sides, one after the other.
  public func solution(for rightHandSides: [Double]) -> [Double] {
    var (order, count, status) = (order, Int32(rightHandSides.count / max(Int(order), 1)), Int32(0))
    precondition(Int(count * order) == rightHandSides.count, "right-hand sides have another order")
    var (result, triangle) = (rightHandSides, Self.lower)
    if count > 0 {
      dpotrs_(&triangle, &order, &count, factor, &order, &result, &order, &status)
    }
    return result
  }

  /// Normally distributed numbers whose covariance is the inverse of the matrix, from as many independent ones of
  /// variance 1.
  public func deviations(_ normals: [Double]) -> [Double] {
    precondition(normals.count == Int(order), "other numbers than the matrix has rows")
    var (order, count, status) = (order, Int32(1), Int32(0))
    var (result, triangle, diagonal) = (normals, Self.lower, CChar(UInt8(ascii: "N")))
    var transposed = CChar(UInt8(ascii: "T"))
    if order > 0 {
      dtrtrs_(
        &triangle, &transposed, &diagonal, &order, &count, factor, &order, &result, &order, &status)
    }
    return result
  }

  /// The inverse of the matrix that was factored.
  public var inverse: SymmetricMatrix {
    var (order, status, triangle) = (order, Int32(0), Self.lower)
    var values = factor
    if order > 0 { dpotri_(&triangle, &order, &values, &order, &status) }
    let size = Int(order)
    // LAPACK's lower triangle is the upper one of the rows.
    for row in 0..<size {
      for column in row..<size { values[column * size + row] = values[row * size + column] }
    }
    return SymmetricMatrix(order: size, values: values)
  }

  private static let lower = CChar(UInt8(ascii: "L"))
}
