import LinearAlgebra
import Testing

@Suite struct SymmetricMatrixTests {
  /// Every element is told from the others but for the one across the diagonal.
  private func values(_ order: Int) -> [Double] {
    (0..<order * order).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: order)
      return Double(1000 * max(row, column) + min(row, column))
    }
  }

  @Test(arguments: [0, 1, 2, 9]) func oneTriangleSaysEverything(order: Int) {
    let values = values(order)
    let matrix = SymmetricMatrix(order: order, values: values)
    #expect(matrix.triangle.count == SymmetricMatrix.triangleCount(order: order))
    #expect(matrix.values == values)
    #expect(values.indices.allSatisfy { matrix[$0 / order, $0 % order] == values[$0] })
    #expect(SymmetricMatrix(order: order, triangle: matrix.triangle) == matrix)
  }

  @Test(arguments: [[], [4], [0, 1, 2], [5, 2, 7, 0]])
  func rowsAndColumnsAreChosenInAnyOrder(indices: [Int]) {
    let chosen = SymmetricMatrix(order: 8, values: values(8)).submatrix(indices)
    let expected = indices.flatMap { row in indices.map { values(8)[row * 8 + $0] } }
    #expect(chosen.order == indices.count && chosen.values == expected)
  }

  @Test func rowsTimesTheMatrix() {
    let matrix = SymmetricMatrix(order: 3, values: [1, 2, 3, 2, 4, 5, 3, 5, 6])
    #expect(matrix.multiplied(by: [1, 0, 0, 1, -1, 2]) == [1, 2, 3, 5, 8, 10])
    #expect(abs(matrix.meanDiagonal - 11.0 / 3) < 1e-12)
  }
}
