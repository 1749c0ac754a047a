internal import LinearAlgebra

/// The weights of some filters that do best without some of their features.
///
/// With H the covariance of the features, w a dense filter, S what is kept and R what is not, the
/// squared error of the outputs about their mean is least for w_S + (H_SS + damping)^-1 H_SR w_R
/// (Hassibi and Stork 1993; Frantar et al., arXiv 2208.11580, for fixed masks). The damping, a share
/// of H's mean diagonal, holds the weights near the dense ones where the images say little (ridge regression,
/// Hoerl and Kennard 1970); without R, or if it is infinite, they stay as they are.
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
    let (order, size) = (covariance.order, support.count)
    let count = filters.count / max(order, 1)
    let inner = covariance.submatrix(support)
    let kept = (0..<count).flatMap { row in support.map { filters[row * order + $0] } }
    let own = inner.multiplied(by: kept)
    // H_SR w_R of each filter.
    let missing = (0..<count).flatMap { row in
      support.indices.map { products[row * order + support[$0]] - own[row * size + $0] }
    }
    let steps =
      size == 0 || !damping.isFinite
      ? missing.map { _ in 0 }
      : Cholesky(inner, damping: damping)?.solution(for: missing) ?? missing.map { _ in 0 }
    let errors = (0..<count).map { row in
      var error = 0.0
      for feature in 0..<order {
        error += filters[row * order + feature] * products[row * order + feature]
      }
      for place in 0..<size {
        let index = row * size + place
        // First w_R H_RR w_R, then less what the step regains.
        error -= kept[index] * (2 * products[row * order + support[place]] - own[index])
        if steps[index] != 0 { error -= steps[index] * (missing[index] + damping * steps[index]) }
      }
      return max(0, error)
    }
    return Solution(weights: zip(kept, steps).map { $0 + $1 }, errors: errors)
  }
}
