internal import CLAPACK

/// Solves a damped positive definite system for any number of right-hand sides by conjugate gradients (Hestenes and
/// Stiefel 1952), preconditioned by the diagonal, in single precision.
///
/// An iteration takes order^2 multiply-accumulates a side. It ends when it gains little: where a Cholesky factor would
/// take order^3 / 3, a few sides are solved many times as fast, to within what the last iterations would have gained.
public struct ConjugateGradients: Sendable {
  private let order: Int
  /// The damped matrix with rows and columns scaled so that its diagonal is 1.
  private let matrix: [Float]
  /// Those scales.
  private let scales: [Float]

  /// The system of the rows and columns at `indices`, with `damping`, above 0, added to the diagonal.
  public init(_ whole: SymmetricMatrix, at indices: [Int], damping: Double) {
    order = indices.count
    let scales = indices.map { 1 / (whole[$0, $0] + damping).squareRoot() }
    self.scales = scales.map { Float($0) }
    matrix = [Float](unsafeUninitializedCapacity: indices.count * indices.count) { result, count in
      for (row, index) in indices.enumerated() {
        let scale = scales[row]
        for (column, other) in indices.enumerated() {
          result[count] = Float(whole[index, other] * scale * scales[column])
          count += 1
        }
        result[row * indices.count + row] = 1
      }
    }
  }

  /// Where the iterations ended, one side after the other.
  public struct Solution: Sendable {
    /// What solves the system nearly.
    public var values: [Float]
    /// What is left of the right-hand sides.
    public var residuals: [Float]
  }

  /// The solutions for any number of right-hand sides, one after the other.
  ///
  /// - Parameters:
  ///   - start: where the iterations begin, likewise; at 0 if nil.
  ///   - tolerance: ends when an iteration gains a smaller share of what all have gained, counted as the fall of
  ///     x A x / 2 - b x over all sides.
  ///   - iterations: the most there are; where they end early the solution stays near the start in those directions in
  ///     which the matrix is smallest, as more damping would leave it.
  public func solution(
    for rightHandSides: [Float], from start: [Float]? = nil, tolerance: Double = 1e-2,
    iterations: Int = 16
  ) -> Solution {
    let count = rightHandSides.count / max(order, 1)
    precondition(count * order == rightHandSides.count, "right-hand sides have another order")
    var residuals = rightHandSides
    residuals.scale(by: scales)
    var values = start ?? [Float](repeating: 0, count: residuals.count)
    precondition(values.count == residuals.count, "the start has another order")
    var products = values
    if start != nil {
      values.scale(by: scales.map { 1 / $0 })
      multiply(values, into: &products, count)
      for index in residuals.indices { residuals[index] -= products[index] }
    }
    var directions = residuals
    var squares = residuals.squares(rows: count)
    var total = 0.0
    for _ in 0..<iterations where count > 0 && order > 0 {
      multiply(directions, into: &products, count)
      let curvatures = directions.products(with: products, rows: count)
      var gain = 0.0
      for row in 0..<count where curvatures[row] > 0 && squares[row] > 0 {
        let step = squares[row] / curvatures[row]
        gain += Double(step) * Double(squares[row])
        values.add(step, times: directions, row: row, of: order)
        residuals.add(-step, times: products, row: row, of: order)
      }
      total += gain
      // Also where something is no number.
      guard gain > tolerance * total else { break }
      let next = residuals.squares(rows: count)
      for row in 0..<count where squares[row] > 0 {
        directions.turn(by: next[row] / squares[row], towards: residuals, row: row, of: order)
      }
      squares = next
    }
    values.scale(by: scales)
    residuals.scale(by: scales.map { 1 / $0 })
    return Solution(values: values, residuals: residuals)
  }

  private func multiply(_ rows: [Float], into products: inout [Float], _ count: Int) {
    _ = BLAS.isSingleThreaded
    let size = Int32(order)
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(count), size, size, 1, rows, size, matrix,
      size, 0, &products, size)
  }
}

extension [Float] {
  /// Scales each row elementwise.
  fileprivate mutating func scale(by scales: [Float]) {
    var index = 0
    while index < count {
      for scale in scales {
        self[index] *= scale
        index += 1
      }
    }
  }

  fileprivate func squares(rows: Int) -> [Float] { products(with: self, rows: rows) }

  /// The inner product of each row with that of another matrix.
  fileprivate func products(with other: [Float], rows: Int) -> [Float] {
    let size = count / Swift.max(rows, 1)
    return withUnsafeBufferPointer { own in
      other.withUnsafeBufferPointer { other in
        guard let own = own.baseAddress, let other = other.baseAddress else { return [] }
        return (0..<rows).map { row in
          cblas_sdot(Int32(size), own + row * size, 1, other + row * size, 1)
        }
      }
    }
  }

  fileprivate mutating func add(_ factor: Float, times other: [Float], row: Int, of size: Int) {
    for index in row * size..<(row + 1) * size { self[index] += factor * other[index] }
  }

  fileprivate mutating func turn(
    by factor: Float, towards other: [Float], row: Int, of size: Int
  ) {
    for index in row * size..<(row + 1) * size {
      self[index] = other[index] + factor * self[index]
    }
  }
}
