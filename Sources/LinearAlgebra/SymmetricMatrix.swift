internal import CLAPACK

/// A symmetric matrix in double precision, both triangles stored.
public struct SymmetricMatrix: Hashable, Sendable {
  /// Rows and columns.
  public let order: Int
  /// Row-major, `order * order` of them.
  public var values: [Double]

  /// A matrix of the given values, which must be symmetric.
  public init(order: Int, values: [Double]) {
    precondition(values.count == order * order, "values do not fill the matrix")
    self.order = order
    self.values = values
  }

  /// The element in row `row`, column `column`.
  public subscript(row: Int, column: Int) -> Double { values[row * order + column] }

  /// The mean of the diagonal; 0 for an empty matrix.
  public var meanDiagonal: Double {
    (0..<order).reduce(0) { $0 + self[$1, $1] } / Double(max(order, 1))
  }

  /// The rows and columns at `indices`, in that order.
  public func submatrix(_ indices: [Int]) -> SymmetricMatrix {
    let values = [Double](unsafeUninitializedCapacity: indices.count * indices.count) {
      result, count in
      self.values.withUnsafeBufferPointer { values in
        for row in indices {
          for column in indices {
            result[count] = values[row * order + column]
            count += 1
          }
        }
      }
    }
    return SymmetricMatrix(order: indices.count, values: values)
  }

  /// `rows` times the matrix; `rows` holds any number of rows of `order` values.
  public func multiplied(by rows: [Double]) -> [Double] {
    let count = rows.count / max(order, 1)
    precondition(count * order == rows.count, "rows do not fit the matrix")
    guard count > 0 else { return [] }
    _ = BLAS.isSingleThreaded
    let size = Int32(order)
    var result = [Double](repeating: 0, count: rows.count)
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(count), size, size, 1, rows, size, values,
      size, 0, &result, size)
    return result
  }
}
