import Engine
import LinearAlgebra
import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

@Suite struct LeastSquaresTests {
  /// A covariance of correlated inputs.
  private func covariance(_ order: Int) -> SymmetricMatrix {
    var generator = SmallNetwork.Generator(state: 4)
    let factors = 6
    let root = (0..<order * factors).map { _ in Double.random(in: -1...1, using: &generator) }
    let values = (0..<order * order).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: order)
      return (0..<factors).reduce(row == column ? 0.3 : 0) {
        $0 + root[row * factors + $1] * root[column * factors + $1]
      }
    }
    return SymmetricMatrix(order: order, values: values)
  }

  /// Iterations end where a factorisation does, to a few hundredths of what can be made up for.
  @Test(arguments: [1e-3, 0.1, 3])
  func iterationsEndNearTheFactorisation(damping: Double) {
    let order = 90
    let leastSquares = LeastSquares(covariance(order), damping: damping)
    var generator = SmallNetwork.Generator(state: 5)
    let filters = (0..<3 * order).map { _ in Double.random(in: -1...1, using: &generator) }
    let products = leastSquares.products(filters)
    let support = (0..<order).filter { $0 % 3 != 1 }
    let exact = leastSquares.factored(filters, products, support: support)
    let found = leastSquares.iterated(filters, products, support: support)
    let unchanged = LeastSquares(leastSquares.covariance, damping: .infinity).factored(
      filters, products, support: support)
    for filter in 0..<3 {
      let gain = unchanged.errors[filter] - exact.errors[filter]
      #expect(gain > 0)
      #expect(abs(found.errors[filter] - exact.errors[filter]) <= 0.05 * gain)
      // The error that is told is the error there is.
      var change = (0..<order).map { -filters[filter * order + $0] }
      for (place, feature) in support.enumerated() {
        change[feature] += found.weights[filter * support.count + place]
      }
      let error = zip(change, leastSquares.products(change)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(error - found.errors[filter]) <= 1e-4 * max(error, 1))
    }
  }

  /// The form yields the errors of solutions.
  @Test(arguments: [1e-3, 0.5, .infinity] as [Double])
  func errorsAreAForm(damping: Double) {
    let leastSquares = LeastSquares(covariance(12), damping: damping)
    let filter = (0..<12).map { Double($0 % 5) - 2 }
    for support in [[], [3], [0, 1, 2, 5, 7, 11], Array(0..<12)] {
      let form = SymmetricMatrix(order: 12, values: leastSquares.lossForm(support: support))
      let error = zip(filter, form.multiplied(by: filter)).reduce(0) { $0 + $1.0 * $1.1 }
      let expected = leastSquares.factored(
        filter, leastSquares.products(filter), support: support
      ).errors[0]
      #expect(abs(error - expected) <= 1e-9)
    }
  }
}
