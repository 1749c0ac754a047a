internal import LinearAlgebra
internal import ModelGraph
internal import Patterns
internal import Synchronization

/// The importance of a weight as the error that the rest cannot make up for (optimal brain surgeon, Hassibi and Stork 1993).
struct ReconstructionImportance: Importance {
  let reconstruction: Reconstruction
  /// Threads that try masks.
  let threads: Int
  /// For layers and groups without moments.
  private let energy: WeightEnergy
  private let known = KnownErrors()

  init(_ reconstruction: Reconstruction, threads: Int? = nil) {
    self.reconstruction = reconstruction
    self.threads = threads ?? reconstruction.threads
    energy = WeightEnergy(reconstruction.model)
  }

  /// The later a channel is eliminated the more it matters.
  func channels(ofGroup number: Int, _ groups: ChannelGroups) -> [Float] {
    guard let order = reconstruction.eliminationOrder(ofGroup: number) else {
      return energy.channels(ofGroup: number, groups)
    }
    var importance = [Float](repeating: 0, count: order.count)
    for (rank, channel) in order.enumerated() { importance[channel] = Float(rank) }
    return importance
  }

  func order(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> [Int]? {
    errors(pattern, node, left).map { MaskAssignment($0, sharing).order }
  }

  /// The error of each remaining filter under each mask that the pattern allows; nil if it is not about taps.
  private func errors(_ pattern: Pattern, _ node: Int, _ left: KeptFeatures) -> MaskErrors? {
    let key = KnownErrors.Key(node: node, pattern: pattern, inputs: left.inputs?.sorted())
    return known.value(key) {
      reconstruction.maskErrors(pattern, node: node, inputs: key.inputs, threads: threads)
    }?.selecting(left.filters)
  }

  func mask(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> WeightMask {
    guard let layer = reconstruction.layers[node],
      let shape = left.shape(ofNode: node, of: reconstruction.model.graph)
    else { return energy.mask(pattern, ofNode: node, left, sharing) }
    guard pattern.keptTaps(of: shape.kernel) != nil else {
      return pattern.mask(layer.losses(ofWeights: left), shape: shape, sharing)
    }
    guard let errors = errors(pattern, node, left) else {
      return energy.mask(pattern, ofNode: node, left, sharing)
    }
    return WeightMask(MaskAssignment(errors, sharing).masks, inputs: shape.inputs)
  }
}

/// The errors of filters under masks, worked out once: all filters, as none depends on the others.
private final class KnownErrors: Sendable {
  struct Key: Hashable {
    let node: Int
    let pattern: Pattern
    /// Ascending.
    let inputs: [Int]?
  }

  private let table = Mutex<[Key: MaskErrors]>([:])

  func value(_ key: Key, _ make: () -> MaskErrors?) -> MaskErrors? {
    if let known = table.withLock({ $0[key] }) { return known }
    guard let made = make() else { return nil }
    table.withLock { $0[key] = made }
    return made
  }
}

extension LayerReconstruction {
  /// The error of losing each remaining weight alone, the others making up for it: w^2 / (H^-1)_jj, as a
  /// batch-norm behind scales it; `[filters][features]` of `left`.
  fileprivate func losses(ofWeights left: KeptFeatures) -> [Float] {
    let inverses = covariances.map { covariance -> [Double] in
      let inner = covariance.submatrix(left.features)
      let damping = LeastSquares(inner, damping: selectionDamping).damping
      guard let inverse = inner.singlePrecisionInverse(damping: damping) else {
        return left.features.map { _ in 1 }
      }
      return left.features.indices.map { Double(inverse[$0 * (inner.order + 1)]) }
    }
    return left.filters.flatMap { filter in
      left.features.enumerated().map { place, feature in
        let weight = Double(weights[filter * features + feature]) * scale[filter]
        return Float(weight * weight / inverses[group(ofFilter: filter)][place])
      }
    }
  }
}
