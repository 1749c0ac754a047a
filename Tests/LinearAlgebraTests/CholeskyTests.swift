import LinearAlgebra
import Testing

@Suite struct CholeskyTests {
  /// A positive definite matrix: a product of a random one with its transpose, and a diagonal.
  private func matrix(_ order: Int) -> SymmetricMatrix {
    var generator = SystemRandomNumberGenerator()
    let root = (0..<order * order).map { _ in Double.random(in: -1...1, using: &generator) }
    let values = (0..<order * order).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: order)
      return (0..<order).reduce(row == column ? 1.0 : 0) {
        $0 + root[row * order + $1] * root[column * order + $1]
      }
    }
    return SymmetricMatrix(order: order, values: values)
  }

  @Test(arguments: [1, 2, 7, 40])
  func solutionsSolveTheSystem(order: Int) throws {
    let matrix = matrix(order)
    let wanted = (0..<order * 3).map { Double($0 % 11) - 5 }
    let sides = matrix.multiplied(by: wanted)
    let solution = try #require(Cholesky(matrix)).solution(for: sides)
    #expect(zip(solution, wanted).allSatisfy { abs($0 - $1) < 1e-8 })
  }

  @Test(arguments: [1, 5, 24])
  func theInverseTimesTheMatrixIsOne(order: Int) throws {
    let matrix = matrix(order)
    let inverse = try #require(Cholesky(matrix)).inverse
    let product = matrix.multiplied(by: inverse.values)
    for (index, value) in product.enumerated() {
      #expect(abs(value - (index / order == index % order ? 1 : 0)) < 1e-9)
    }
  }

  @Test func dampingIsAddedToTheDiagonal() throws {
    let zero = SymmetricMatrix(order: 2, values: [0, 0, 0, 0])
    #expect(Cholesky(zero) == nil)
    #expect(try #require(Cholesky(zero, damping: 4)).solution(for: [8, 2]) == [2, 0.5])
  }

  @Test func whatIsNotPositiveDefiniteIsRefused() {
    #expect(Cholesky(SymmetricMatrix(order: 2, values: [1, 2, 2, 1])) == nil)
    #expect(Cholesky(SymmetricMatrix(order: 1, values: [.nan])) == nil)
  }
}

extension Cholesky? {
  fileprivate static func == (value: Cholesky?, _: _OptionalNilComparisonType) -> Bool {
    if case .none = value { true } else { false }
  }
}
