internal import LinearAlgebra
internal import Tensors

extension LayerReconstruction {
  /// Dampings that are tried, least first; under the last one layers are not reconstructed.
  private static let dampings = [1e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, .infinity]
  /// Shares of the input channels, or of the taps of a depthwise convolution, that are left in the trials.
  private static let keptShares = [0.5, 0.8]
  /// Filters that are tried, and fewer where each takes many operations: as many as have so many weights together.
  private static let mostFilters = 128
  private static let leastFilters = 32
  private static let mostWeights = 1 << 17

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
    // Spread over filters and groups.
    let most = max(Self.leastFilters, min(Self.mostFilters, Self.mostWeights / features))
    let step = max(1, filters / most)
    let tried = Dictionary(
      grouping: stride(from: 0, to: filters, by: step), by: group(ofFilter:))
    var generator = SeededGenerator(seed: 1)
    let trials = tried.sorted { $0.key < $1.key }.flatMap { group, filters -> [Trial] in
      let centred = (0..<samples).flatMap { sample in
        (0..<features).map { feature in
          Double(rows[sample * width + group * features + feature])
            - mean[group * features + feature]
        }
      }
      return Self.keptShares.map {
        Trial(
          group: group, filters: filters, inputs: centred,
          support: support(keeping: $0, taps: taps, &generator))
      }
    }
    // From the strongest on, as weak ones take most iterations: ends when two in a row are worse.
    var (best, least, worse) = (damping, Double.infinity, 0)
    for damping in Self.dampings.reversed() {
      let error = trials.reduce(0) { $0 + self.error(in: $1, damping: damping) }
      // Of equal ones the weakest: where nothing is lost all are.
      if error <= least {
        (best, least, worse) = (damping, error, 0)
      } else {
        worse += 1
        if worse == 2 { break }
      }
    }
    return best
  }

  /// Some filters that lose all inputs but those of a support.
  private struct Trial {
    let group: Int
    let filters: [Int]
    /// `[samples][features]`, less their mean.
    let inputs: [Double]
    let support: [Int]
  }

  /// The squared error of the trial's filters on its inputs.
  private func error(in trial: Trial, damping: Double) -> Double {
    let own = weights(of: trial.filters)
    let solution = LeastSquares(covariances[trial.group], damping: damping).solution(
      own, products(of: trial.filters), support: trial.support)
    var change = own.map { -$0 }
    for (row, filter) in trial.filters.enumerated() {
      for (place, feature) in trial.support.enumerated() {
        change[row * features + feature] += solution.weights[row * trial.support.count + place]
      }
      for feature in 0..<features { change[row * features + feature] *= scale[filter] }
    }
    return product(trial.inputs, byTransposeOf: change, inner: features).reduce(0) {
      $0 + $1 * $1
    }
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
