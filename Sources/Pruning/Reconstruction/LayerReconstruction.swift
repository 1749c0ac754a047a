internal import Engine
internal import LinearAlgebra
internal import ModelGraph
internal import Patterns

/// The least-squares problem of one convolution or linear layer of the dense model: its weights, and the second
/// moments of its inputs.
struct LayerReconstruction: Sendable {
  let filters: Int
  /// Features of a group.
  let features: Int
  /// One a group.
  let covariances: [SymmetricMatrix]
  /// `[groups][features]`.
  let mean: [Double]
  /// `[filters][features]`.
  let weights: [Float]
  /// The covariance of each filter's output with its features, `[filters][features]`.
  let products: [Float]
  /// The factor of a batch-norm behind it on each filter's output; 1 without one.
  let scale: [Double]
  /// How strongly solutions are held near the dense weights: see `LeastSquares`.
  var damping = LeastSquares.leastDamping

  init?(_ model: Model, node: Int, moments: InputMoments) {
    guard let weight = model.graph.weight(of: node),
      let values = model.parameters[weight.name]?.values
    else { return nil }
    filters = weight.shape[0]
    features = moments.features
    covariances = moments.covariances
    mean = moments.mean
    weights = values
    let perGroup = weights.count / max(moments.covariances.count, 1)
    products = moments.covariances.enumerated().flatMap { [weights] group, covariance in
      covariance.multiplied(
        by: weights[group * perGroup..<(group + 1) * perGroup].map(Double.init)
      ).map { Float($0) }
    }
    scale = model.normScale(after: node) ?? [Double](repeating: 1, count: filters)
  }

  /// The group of inputs that a filter reads.
  func group(ofFilter filter: Int) -> Int { filter / (filters / covariances.count) }

  /// Some filters' weights, one after the other.
  func weights(of filters: [Int]) -> [Double] {
    filters.flatMap { weights[$0 * features..<($0 + 1) * features].map(Double.init) }
  }

  /// The covariances of some filters' outputs with their features, one after the other.
  func products(of filters: [Int]) -> [Double] {
    filters.flatMap { products[$0 * features..<($0 + 1) * features].map(Double.init) }
  }

  /// The weights that are left of the layer, reconstructed.
  struct Solution {
    /// As the pruned model has them, zeros where they are masked.
    var weights: [Float]
    /// The shift of each filter's output behind the batch-norm.
    var shifts: [Float]
  }

  /// Nil if nothing is missing.
  func solution(_ kept: KeptFeatures) -> Solution? {
    let width = kept.features.count
    var result = Solution(
      weights: [Float](repeating: 0, count: kept.filters.count * width),
      shifts: [Float](repeating: 0, count: kept.filters.count))
    var isWhole = true
    solve(kept) { rows, support, solution in
      isWhole = isWhole && support.count == features
      for (index, row) in rows.enumerated() {
        let filter = kept.filters[row]
        let group = group(ofFilter: filter)
        let mean = mean[group * features..<(group + 1) * features]
        var shift = zip(weights(of: [filter]), mean).reduce(0.0) {
          $0 + $1.0 * $1.1
        }
        for (place, element) in support.enumerated() {
          let weight = solution.weights[index * support.count + place]
          result.weights[row * width + element.place] = Float(weight)
          shift -= weight * mean[mean.startIndex + element.feature]
        }
        result.shifts[row] = Float(shift * scale[filter])
      }
    }
    return isWhole ? nil : result
  }

  /// The weights that are left as they were.
  func unchanged(_ left: KeptFeatures) -> Solution {
    Solution(
      weights: left.filters.flatMap { filter in
        left.features.map { weights[filter * features + $0] }
      }, shifts: left.filters.map { _ in 0 })
  }

  /// The share of each remaining filter's variance that is lost.
  func losses(_ kept: KeptFeatures) -> [Double] {
    var result = [Double](repeating: 0, count: kept.filters.count)
    let variances = variances
    solve(kept) { rows, _, solution in
      for (index, row) in rows.enumerated() {
        let variance = max(variances[kept.filters[row]], .leastNormalMagnitude)
        result[row] = solution.errors[index] / variance
      }
    }
    return result
  }

  /// The variance of each filter's output, before a batch-norm.
  var variances: [Double] {
    (0..<filters).map { filter in
      (filter * features..<(filter + 1) * features).reduce(0) {
        $0 + Double(weights[$1]) * Double(products[$1])
      }
    }
  }

  /// Solves for all remaining filters, those of one group with the same support together.
  private func solve(
    _ kept: KeptFeatures,
    _ body: (_ rows: [Int], _ support: [(feature: Int, place: Int)], LeastSquares.Solution) -> Void
  ) {
    struct Key: Hashable {
      let group: Int
      let mask: ArraySlice<Bool>
    }
    let width = kept.features.count
    let rows = Dictionary(grouping: kept.filters.indices) { row in
      Key(
        group: group(ofFilter: kept.filters[row]),
        mask: kept.mask.map { $0[row * width..<(row + 1) * width] } ?? [])
    }
    for (key, rows) in rows {
      let filters = rows.map { kept.filters[$0] }
      let support = kept.support(ofFilter: rows[0])
      let leastSquares = LeastSquares(covariances[key.group], damping: damping)
      body(
        rows, support,
        leastSquares.solution(
          weights(of: filters), products(of: filters), support: support.map(\.feature)))
    }
  }
}
