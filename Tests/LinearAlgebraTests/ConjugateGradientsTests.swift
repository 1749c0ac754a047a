import LinearAlgebra
import Testing

@Suite struct ConjugateGradientsTests {
  /// Against a Cholesky factor, from anywhere.
  @Test(arguments: [1, 2, 17, 80], [0, 1, 5])
  func solutionsAreThoseOfAFactor(order: Int, count: Int) throws {
    let matrix = SymmetricMatrix.positiveDefinite(order: order + 3, seed: order)
    let indices = Array((1..<order + 1).reversed())
    let sides = (0..<order * count).map { Float($0 % 7) - 3 }
    let factor = try #require(Cholesky(matrix.submatrix(indices), damping: 0.5))
    let expected = factor.solution(for: sides.map(Double.init))
    let system = ConjugateGradients(matrix, at: indices, damping: 0.5)
    for start in [nil, sides, [Float](repeating: 0, count: sides.count)] {
      let found = system.solution(for: sides, from: start, tolerance: 1e-12, iterations: 500)
      let scale = max(1, expected.map(abs).max() ?? 0)
      #expect(zip(found.values, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 * scale })
      #expect(found.residuals.allSatisfy { abs($0) < 1e-3 })
    }
  }

  /// What is left of the sides is what the system does not yield.
  @Test func anEarlyEndIsTold() {
    let matrix = SymmetricMatrix.positiveDefinite(order: 60, seed: 2)
    let sides = (0..<120).map { Float($0 % 7) - 3 }
    let found = ConjugateGradients(matrix, at: Array(0..<60), damping: 0.01).solution(
      for: sides, iterations: 4)
    let yielded = matrix.multiplied(by: found.values.map(Double.init))
    #expect(found.residuals.contains { abs($0) > 0.01 })
    for (index, residual) in found.residuals.enumerated() {
      let left = Double(sides[index]) - yielded[index] - 0.01 * Double(found.values[index])
      #expect(abs(left - Double(residual)) < 1e-3)
    }
  }

  @Test(arguments: [1, 2, 33])
  func inversesInSinglePrecisionAreThoseOfAFactor(order: Int) throws {
    let matrix = SymmetricMatrix.positiveDefinite(order: order, seed: order)
    let expected = try #require(Cholesky(matrix, damping: 0.1)).inverse.values
    let found = try #require(matrix.singlePrecisionInverse(damping: 0.1))
    #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    #expect(
      SymmetricMatrix(order: 2, values: [1, 2, 2, 1]).singlePrecisionInverse(damping: 0) == nil)
    #expect(SymmetricMatrix(order: 1, values: [.nan]).singlePrecisionInverse(damping: 0) == nil)
  }
}

extension SymmetricMatrix {
  /// A product of a random matrix with its transpose, and a diagonal.
  fileprivate static func positiveDefinite(order: Int, seed: Int) -> SymmetricMatrix {
    var state = UInt64(seed + 1)
    let root = (0..<order * order).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / 0x1p23 - 1
    }
    let values = (0..<order * order).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: order)
      return (0..<order).reduce(row == column ? 1.0 : 0) {
        $0 + root[row * order + $1] * root[column * order + $1]
      }
    }
    return SymmetricMatrix(order: order, values: values)
  }
}
