internal import LinearAlgebra

/// The weights of some filters that do best without some of their features.
///
/// With H the covariance of the features, w a dense filter, S what is kept and R what is not, the
/// squared error of the outputs about their mean is least for w_S + (H_SS + damping)^-1 H_SR w_R
/// (Hassibi and Stork 1993; Frantar et al., arXiv 2208.11580, for fixed masks). The damping, a share
/// of H's mean diagonal, holds the weights near the dense ones where the images say little (ridge regression,
/// Hoerl and Kennard 1970); without R, or if it is infinite, they stay as they are.
///
/// Where few filters share a large support, conjugate gradients take the place of a factorisation.
struct LeastSquares {
  /// The least share of its mean that is added to the diagonal.
  static let leastDamping = 1e-3

  let covariance: SymmetricMatrix
  let damping: Double

  /// - Parameter share: what is added to the diagonal, as a share of its mean.
  init(_ covariance: SymmetricMatrix, damping share: Double = leastDamping) {
    self.covariance = covariance
    damping =
      share.isFinite ? max(share * covariance.meanDiagonal, .leastNormalMagnitude) : .infinity
  }

  private init(_ covariance: SymmetricMatrix, absoluteDamping: Double) {
    self.covariance = covariance
    damping = absoluteDamping
  }

  /// The problem of some of the features, held as strongly.
  func restricted(to features: [Int]) -> LeastSquares {
    LeastSquares(covariance.submatrix(features), absoluteDamping: damping)
  }

  /// The covariance of the filters' outputs with each feature: `filters` times the covariance.
  ///
  /// - Parameter filters: dense filters, `[filters][features]`.
  func products(_ filters: [Double]) -> [Double] { covariance.multiplied(by: filters) }

  /// Filters on a support, and the variance of what is lost of their outputs.
  struct Solution {
    /// `[filters][support]`.
    var weights: [Double]
    /// One a filter.
    var errors: [Double]
  }

  /// The best weights of filters that keep the features of `support`.
  ///
  /// - Parameters:
  ///   - filters: dense filters, `[filters][features]`.
  ///   - products: what `products` says of them.
  func solution(_ filters: [Double], _ products: [Double], support: [Int]) -> Solution {
    let order = covariance.order
    let rows = filters.count / max(order, 1)
    // Where nothing is missing there is nothing to make up for.
    guard support.count < order else {
      return Solution(
        weights: (0..<rows).flatMap { row in support.map { filters[row * order + $0] } },
        errors: [Double](repeating: 0, count: rows))
    }
    // With a twelfth as many rows as features, sixteen iterations take about as long as a factorisation and two products.
    return support.count >= Self.leastIterated && damping.isFinite && rows * 12 < support.count
      ? iterated(filters, products, support: support)
      : factored(filters, products, support: support)
  }

  /// Smaller supports are solved by a factorisation, however few filters share it.
  private static let leastIterated = 512

  /// By conjugate gradients, which end when errors hardly fall.
  func iterated(_ filters: [Double], _ products: [Double], support: [Int]) -> Solution {
    let order = covariance.order
    let count = filters.count / max(order, 1)
    let kept = (0..<count).flatMap { row in support.map { filters[row * order + $0] } }
    // H_S. w of each filter.
    let own = (0..<count).flatMap { row in support.map { products[row * order + $0] } }
    let found = ConjugateGradients(covariance, at: support, damping: damping).solution(
      for: zip(own, kept).map { Float($0 + damping * $1) }, from: kept.map { Float($0) })
    let weights = found.values.map(Double.init)
    // As (H_SS + damping) x = H_S. w + damping w_S - residual.
    let missing = weights.indices.map {
      damping * (weights[$0] - kept[$0]) + Double(found.residuals[$0])
    }
    return Solution(weights: weights, errors: errors(filters, products, own, weights, missing))
  }

  /// By a Cholesky factor.
  func factored(_ filters: [Double], _ products: [Double], support: [Int]) -> Solution {
    let (order, size) = (covariance.order, support.count)
    let count = filters.count / max(order, 1)
    let inner = covariance.submatrix(support)
    let kept = (0..<count).flatMap { row in support.map { filters[row * order + $0] } }
    // H_S. w of each filter.
    let own = (0..<count).flatMap { row in support.map { products[row * order + $0] } }
    let held = damping.isFinite && size > 0 ? Cholesky(inner, damping: damping) : nil
    let weights = held?.solution(for: zip(own, kept).map { $0 + damping * $1 }) ?? kept
    // What H_SS x lacks of H_S. w.
    let missing =
      held != nil
      ? zip(kept, weights).map { damping * ($1 - $0) }
      : zip(own, inner.multiplied(by: kept)).map { $0 - $1 }
    return Solution(weights: weights, errors: errors(filters, products, own, weights, missing))
  }

  /// w H w - 2 x H_S. w + x H_SS x of each filter w and its solution x.
  private func errors(
    _ filters: [Double], _ products: [Double], _ own: [Double], _ weights: [Double],
    _ missing: [Double]
  ) -> [Double] {
    let order = covariance.order
    let count = filters.count / max(order, 1)
    let size = weights.count / max(count, 1)
    return (0..<count).map { row in
      var error = 0.0
      for index in row * order..<(row + 1) * order { error += filters[index] * products[index] }
      for index in row * size..<(row + 1) * size {
        error -= weights[index] * (own[index] + missing[index])
      }
      return max(0, error)
    }
  }

  /// The error as a form of the weights, w Q w for a filter w: Q = H_RR - H_RS (M + damping M^2) H_SR with
  /// M = (H_SS + damping)^-1; `[features][features]`, 0 on the support.
  func lossForm(support: [Int]) -> [Double] {
    let order = covariance.order
    let kept = Set(support)
    let lost = (0..<order).filter { !kept.contains($0) }
    let sides = lost.flatMap { row in support.map { covariance[row, $0] } }
    let steps =
      damping.isFinite && !support.isEmpty
      ? Cholesky(covariance.submatrix(support), damping: damping)?.solution(for: sides) : nil
    var form = [Double](repeating: 0, count: order * order)
    for (i, row) in lost.enumerated() {
      for (j, column) in lost.enumerated() {
        var value = covariance[row, column]
        if let steps {
          for place in support.indices {
            let (left, right) = (i * support.count + place, j * support.count + place)
            value -= steps[left] * (sides[right] + damping * steps[right])
          }
        }
        form[row * order + column] = value
      }
    }
    return form
  }
}
