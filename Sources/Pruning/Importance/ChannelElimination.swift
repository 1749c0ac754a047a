internal import LinearAlgebra
internal import ModelGraph
internal import Patterns

extension Reconstruction {
  /// The channels of a coupled group in the order in which they are best removed: each time the one whose
  /// loss costs the outputs of the layers that read the group least, given that these make the best of what
  /// is left (optimal brain surgeon, Hassibi and Stork 1993, for blocks of features).
  ///
  /// Each layer counts by the share of its outputs' variance that is lost. Of more than `2 * portions` channels some go
  /// at a time, those whose loss alone costs least.
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
      let losses = left.map { $0.losses(of: remaining) }.reduce(into: remaining.map { _ in 0.0 }) {
        for (place, loss) in $1.enumerated() { $0[place] += loss }
      }
      let places = losses.indices.sorted { (losses[$0], $0) < (losses[$1], $1) }.prefix(
        max(1, remaining.count / Self.portions))
      let channels = places.map { remaining[$0] }
      let gone = Set(channels)
      remaining.removeAll(where: gone.contains)
      for reader in left.indices { left[reader].remove(channels) }
      order += channels
    }
    return order + remaining
  }

  /// Of many channels so large a part goes at a time.
  private static let portions = 64

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
  /// For each channel the features that are read of it; none once it is gone.
  private var channels: [[Int]]
  /// Those that are stored: the ones that are left, and some that are gone.
  private var features: Int
  /// Those that are left.
  private var remaining: Int
  private let filters: Int
  /// The inverse of the damped covariance of the features that are left. It decides an order, for which single precision
  /// is enough.
  private var inverse: [Float]
  /// `[filters][features]`, as the batch-norm behind scales them.
  private var weights: [Float]
  /// The variance of all outputs.
  private let variance: Double

  /// Nil for a grouped convolution.
  init?(_ layer: LayerReconstruction, channels: [[Int]]) {
    guard layer.covariances.count == 1,
      case let leastSquares = LeastSquares(layer.covariances[0], damping: layer.selectionDamping),
      let inverse = layer.covariances[0].singlePrecisionInverse(damping: leastSquares.damping)
    else { return nil }
    self.channels = channels
    features = layer.features
    remaining = features
    filters = layer.filters
    self.inverse = inverse
    weights = layer.weights.indices.map {
      Float(Double(layer.weights[$0]) * layer.scale[$0 / layer.features])
    }
    let total = zip(layer.variances, layer.scale).reduce(0.0) { $0 + $1.0 * $1.1 * $1.1 }
    variance = max(total, .leastNormalMagnitude)
  }

  /// What the loss of each of some channels costs alone.
  func losses(of some: [Int]) -> [Double] {
    guard some.allSatisfy({ channels[$0].count == 1 }) else { return some.map(loss) }
    // The same for channels of one feature, in the order of the weights.
    var squares = [Float](repeating: 0, count: features)
    for filter in 0..<filters {
      for feature in 0..<features {
        let weight = weights[filter * features + feature]
        squares[feature] += weight * weight
      }
    }
    return some.map { channel in
      let feature = channels[channel][0]
      return Double(squares[feature] / inverse[feature * (features + 1)]) / variance
    }
  }

  /// w_R ((H^-1)_RR)^-1 w_R over all filters, R being the channel's features.
  private func loss(of channel: Int) -> Double {
    let own = weights(of: channels[channel]).map(Double.init)
    guard !own.isEmpty, let steps = block(channels[channel])?.solution(for: own) else { return 0 }
    return zip(own, steps).reduce(0.0) { $0 + $1.0 * $1.1 } / variance
  }

  /// Lets the others make up for some channels.
  mutating func remove(_ gone: [Int]) {
    let own = gone.flatMap { channels[$0] }
    guard !own.isEmpty, let block = block(own) else { return }
    let rows = own.flatMap { inverse[$0 * features..<($0 + 1) * features] }
    func steps(_ sides: [Float]) -> [Float] {
      block.solution(for: sides.map(Double.init)).map { Float($0) }
    }
    weights.subtractProduct(
      steps(weights(of: own)), rows, rows: filters, inner: own.count, columns: features)
    let columns = (0..<features).flatMap { row in
      own.map { inverse[row * features + $0] }
    }
    inverse.subtractProduct(
      steps(columns), rows, rows: features, inner: own.count, columns: features)
    for channel in gone { channels[channel] = [] }
    remaining -= own.count
    if remaining < features * 3 / 4 { compact() }
  }

  /// Forgets the features that are gone.
  private mutating func compact() {
    let left = channels.flatMap { $0 }.sorted()
    var places = [Int](repeating: 0, count: features)
    for (place, feature) in left.enumerated() { places[feature] = place }
    var values: [Float] = []
    values.reserveCapacity(left.count * left.count)
    for row in left { for column in left { values.append(inverse[row * features + column]) } }
    inverse = values
    weights = self.weights(of: left)
    channels = channels.map { $0.map { places[$0] } }
    (features, remaining) = (left.count, left.count)
  }

  /// `[filters][own]`.
  private func weights(of own: [Int]) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(filters * own.count)
    for filter in 0..<filters {
      for feature in own { result.append(weights[filter * features + feature]) }
    }
    return result
  }

  private func block(_ own: [Int]) -> Cholesky? {
    var values: [Double] = []
    values.reserveCapacity(own.count * own.count)
    for row in own {
      for column in own { values.append(Double(inverse[row * features + column])) }
    }
    return Cholesky(SymmetricMatrix(order: own.count, values: values))
  }
}
