internal import LinearAlgebra
internal import ModelGraph
internal import Patterns

extension Reconstruction {
  /// The channels of a coupled group in the order in which they are best removed: each time the one whose
  /// loss costs the outputs of the layers that read the group least, given that these make the best of what
  /// is left (optimal brain surgeon, Hassibi and Stork 1993, for blocks of features).
  ///
  /// Each layer counts by the share of its outputs' variance that is lost.
  /// - Returns: every channel once, first the one to go first; nil if no layer that reads the group has moments.
  public func eliminationOrder(ofGroup index: Int) -> [Int]? {
    let group = groups.groups[index]
    let readers = group.consumers.compactMap { node in
      layers[node].flatMap { layer in
        features(ofGroup: index, readBy: node).flatMap { ReaderElimination(layer, channels: $0) }
      }
    }
    guard !readers.isEmpty else { return nil }
    var (left, order) = (readers, [Int]())
    var remaining = Array(0..<group.channels)
    while remaining.count > 1 {
      let losses = remaining.map { channel in left.reduce(0.0) { $0 + $1.loss(of: channel) } }
      let place = losses.indices.reduce(0) { losses[$1] < losses[$0] ? $1 : $0 }
      let channel = remaining.remove(at: place)
      for reader in left.indices { left[reader].remove(channel) }
      order.append(channel)
    }
    return order + remaining
  }

  /// For each channel of a group the features, inputs times taps, that the layer at `node` reads of it.
  private func features(ofGroup index: Int, readBy node: Int) -> [[Int]]? {
    guard let map = groups.maps[model.graph.nodes[node].inputs[0]],
      let taps = model.graph.weightShape(of: node)?.kernel.area
    else { return nil }
    var result = [[Int]](repeating: [], count: groups.groups[index].channels)
    for (input, channel) in map.channels.enumerated() {
      guard let channel, channel.group == index else { continue }
      result[channel.index] += input * taps..<(input + 1) * taps
    }
    return result
  }
}

/// A layer that loses input channels one after the other.
private struct ReaderElimination {
  /// For each channel the features that are read of it.
  private let channels: [[Int]]
  private let features: Int
  private let filters: Int
  /// The inverse of the damped covariance of the features that are left; zero for those that are gone.
  private var inverse: [Double]
  /// `[filters][features]`, as the batch-norm behind scales them.
  private var weights: [Double]
  /// The variance of all outputs.
  private let variance: Double

  /// Nil for a grouped convolution.
  init?(_ layer: LayerReconstruction, channels: [[Int]]) {
    guard layer.covariances.count == 1,
      case let leastSquares = LeastSquares(layer.covariances[0], damping: layer.selectionDamping),
      let factor = Cholesky(layer.covariances[0], damping: leastSquares.damping)
    else { return nil }
    self.channels = channels
    features = layer.features
    filters = layer.filters
    inverse = factor.inverse.values
    weights = layer.weights.indices.map { layer.weights[$0] * layer.scale[$0 / layer.features] }
    let total = zip(layer.variances, layer.scale).reduce(0.0) { $0 + $1.0 * $1.1 * $1.1 }
    variance = max(total, .leastNormalMagnitude)
  }

  /// w_R ((H^-1)_RR)^-1 w_R over all filters, R being the channel's features.
  func loss(of channel: Int) -> Double {
    let own = weightsOf(channel)
    guard !own.isEmpty, let steps = block(channel)?.solution(for: own) else { return 0 }
    return zip(own, steps).reduce(0.0) { $0 + $1.0 * $1.1 } / variance
  }

  /// Lets the others make up for the channel.
  mutating func remove(_ channel: Int) {
    let own = channels[channel]
    guard !own.isEmpty, let block = block(channel) else { return }
    let rows = own.flatMap { inverse[$0 * features..<($0 + 1) * features] }
    let steps = block.solution(for: weightsOf(channel))
    weights.subtractProduct(steps, rows, rows: filters, inner: own.count, columns: features)
    let columns = (0..<features).flatMap { row in
      own.map { inverse[row * features + $0] }
    }
    inverse.subtractProduct(
      block.solution(for: columns), rows, rows: features, inner: own.count, columns: features)
    // Exactly zero, so that nothing of it comes back by rounding.
    for feature in own {
      for other in 0..<features {
        inverse[feature * features + other] = 0
        inverse[other * features + feature] = 0
      }
      for filter in 0..<filters { weights[filter * features + feature] = 0 }
    }
  }

  private func weightsOf(_ channel: Int) -> [Double] {
    (0..<filters).flatMap { filter in channels[channel].map { weights[filter * features + $0] } }
  }

  private func block(_ channel: Int) -> Cholesky? {
    let own = channels[channel]
    let values = own.flatMap { row in own.map { inverse[row * features + $0] } }
    return Cholesky(SymmetricMatrix(order: own.count, values: values))
  }
}
