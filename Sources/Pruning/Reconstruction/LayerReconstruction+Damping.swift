internal import LinearAlgebra
internal import Tensors

extension LayerReconstruction {
  /// Dampings that are tried, least first; under the last one layers are not reconstructed.
  private static let dampings = [1e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, .infinity]
  /// Shares of the input channels, or of the taps of a depthwise convolution, that are left in the trials.
  private static let keptShares = [0.5, 0.8]
  private static let mostFilters = 128

  /// The damping with which inverses are formed that decide what goes first.
  var selectionDamping: Double { min(damping, 10) }

  /// The damping under which the layer, some of its inputs gone, comes nearest to the dense one on inputs that its
  /// moments know nothing of.
  ///
  /// - Parameters:
  ///   - rows: inputs of the layer, `[samples][groups][features]`.
  ///   - taps: features of an input channel.
  func damping(heldOut rows: [Float], taps: Int) -> Double {
    let groups = covariances.count
    let width = groups * features
    let samples = rows.count / max(width, 1)
    guard samples > 0, features > 1 else { return damping }
    var errors = [Double](repeating: 0, count: Self.dampings.count)
    var generator = SeededGenerator(seed: 1)
    // Spread over filters and groups.
    let step = max(1, filters / Self.mostFilters)
    let tried = Dictionary(
      grouping: stride(from: 0, to: filters, by: step), by: group(ofFilter:))
    for (group, filters) in tried.sorted(by: { $0.key < $1.key }) {
      let own = weights(of: filters)
      let centred = (0..<samples).flatMap { sample in
        (0..<features).map { feature in
          Double(rows[sample * width + group * features + feature])
            - mean[group * features + feature]
        }
      }
      let products = LeastSquares(covariances[group]).products(own)
      for share in Self.keptShares {
        let support = support(keeping: share, taps: taps, &generator)
        for (place, damping) in Self.dampings.enumerated() {
          let solution = LeastSquares(covariances[group], damping: damping).solution(
            own, products, support: support)
          var change = own.map { -$0 }
          for (row, filter) in filters.enumerated() {
            for (index, feature) in support.enumerated() {
              change[row * features + feature] +=
                solution.weights[row * support.count + index]
            }
            for feature in 0..<features { change[row * features + feature] *= scale[filter] }
          }
          errors[place] += product(centred, byTransposeOf: change, inner: features).reduce(0) {
            $0 + $1 * $1
          }
        }
      }
    }
    // Of equal ones the least: where nothing is lost all are.
    let best = errors.indices.reduce(0) { errors[$1] < errors[$0] ? $1 : $0 }
    return Self.dampings[best]
  }

  /// Some features: whole input channels, or taps where there is one channel.
  private func support(
    keeping share: Double, taps: Int, _ generator: inout SeededGenerator
  ) -> [Int] {
    let block = features > taps ? taps : 1
    let blocks = features / block
    let kept = generator.permutation(of: blocks).prefix(max(1, Int(Double(blocks) * share)))
    return kept.sorted().flatMap { $0 * block..<($0 + 1) * block }
  }
}
