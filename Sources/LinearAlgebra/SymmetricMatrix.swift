internal import CLAPACK

/// A symmetric matrix in double precision, of which one triangle is stored: covariances of layers are most of what a
/// search holds in memory.
public struct SymmetricMatrix: Hashable, Sendable {
  /// Rows and columns.
  public let order: Int
  /// The lower triangle, row by row, the diagonal included.
  public let triangle: [Double]

  /// The elements of a triangle.
  public static func triangleCount(order: Int) -> Int { order * (order + 1) / 2 }

  /// Where in the triangle an element is, or that across the diagonal.
  static func place(_ row: Int, _ column: Int) -> Int {
    triangleCount(order: max(row, column)) + min(row, column)
  }

  /// A matrix of the given lower triangle.
  public init(order: Int, triangle: [Double]) {
    precondition(
      triangle.count == Self.triangleCount(order: order), "values do not fill the triangle")
    self.order = order
    self.triangle = triangle
  }

  /// A matrix of the given values, row-major, which must be symmetric: those above the diagonal are not looked at.
  public init(order: Int, values: [Double]) {
    precondition(values.count == order * order, "values do not fill the matrix")
    self.init(
      order: order,
      triangle: (0..<order).flatMap { values[$0 * order...$0 * order + $0] })
  }

  /// All elements, row-major.
  public var values: [Double] { values { $0 } }

  /// All elements, row-major, each as `transform` has it.
  func values<Value>(_ transform: (Double) -> Value) -> [Value] {
    [Value](unsafeUninitializedCapacity: order * order) { result, count in
      var place = 0
      for row in 0..<order {
        for column in 0...row {
          let value = transform(triangle[place])
          result.initializeElement(at: row * order + column, to: value)
          if column < row { result.initializeElement(at: column * order + row, to: value) }
          place += 1
        }
      }
      count = order * order
    }
  }

  /// The element in row `row`, column `column`.
  public subscript(row: Int, column: Int) -> Double { triangle[Self.place(row, column)] }

  /// The mean of the diagonal; 0 for an empty matrix.
  public var meanDiagonal: Double {
    (0..<order).reduce(0) { $0 + self[$1, $1] } / Double(max(order, 1))
  }

  /// The rows and columns at `indices`, in that order.
  public func submatrix(_ indices: [Int]) -> SymmetricMatrix {
    let size = Self.triangleCount(order: indices.count)
    let chosen = [Double](unsafeUninitializedCapacity: size) { result, count in
      triangle.withUnsafeBufferPointer { triangle in
        for (last, row) in indices.enumerated() {
          for column in indices[...last] {
            result[count] = triangle[Self.place(row, column)]
            count += 1
          }
        }
      }
    }
    return SymmetricMatrix(order: indices.count, triangle: chosen)
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
