public import ModelGraph
internal import Patterns

/// The importance of a weight as the change of the loss, to first order, if it were gone.
///
/// Of what goes together, S, that is the squared sum of gradient times value, averaged over images (Molchanov et
/// al. 2019, arXiv 1906.10771, equation 8):
///
///     importance(S) = mean of (sum of g_s w_s over s in S)^2
///
/// S is a single weight, a tap of a filter, or a filter; the last one's output is gated behind the batch
/// normalisation that reads it, if any, as there the paper found it to be told best (section 3.2). What falls
/// into several such sets, such as a tap of a block of filters, has the sum of their importances.
public struct TaylorImportance: Sendable {
  /// The model.
  public let model: Model
  /// For each node that is a convolution or a linear layer.
  private var layers: [Layer?]
  private var images = 0

  /// Sums over images.
  private struct Layer: Sendable {
    let shape: WeightShape
    /// `[filters][inputs][taps]`.
    var weights: [Float]
    /// `[filters][taps]`.
    var taps: [Float]
    /// `[filters]`.
    var filters: [Float]

    init(_ shape: WeightShape) {
      self.shape = shape
      weights = [Float](repeating: 0, count: shape.count)
      taps = [Float](repeating: 0, count: shape.filters * shape.kernel.area)
      filters = [Float](repeating: 0, count: shape.filters)
    }
  }

  /// Nothing matters yet: `add(_:)` says what does.
  public init(_ model: Model) {
    self.model = model
    layers = model.graph.nodes.indices.map { model.graph.weightShape(of: $0).map(Layer.init) }
  }

  /// Adds an image.
  ///
  /// - Parameter products: of each learned parameter by name, each value times the loss's gradient with
  ///   respect to it.
  public mutating func add(_ products: [String: [Float]]) {
    images += 1
    for node in layers.indices {
      guard let shape = layers[node]?.shape,
        let weights = model.graph.weight(of: node).flatMap({ products[$0.name] })
      else { continue }
      let (area, row) = (shape.kernel.area, shape.inputs * shape.kernel.area)
      var taps = [Float](repeating: 0, count: shape.filters * area)
      for (place, product) in weights.enumerated() {
        taps[place / row * area + place % area] += product
      }
      let gates = gates(ofNode: node, taps, products)
      layers[node]?.weights.addSquares(of: weights)
      layers[node]?.taps.addSquares(of: taps)
      layers[node]?.filters.addSquares(of: gates)
    }
  }

  /// The loss's gradient with respect to a factor of 1 at each filter's output.
  private func gates(
    ofNode node: Int, _ taps: [Float], _ products: [String: [Float]]
  ) -> [Float] {
    let graph = model.graph
    if let norm = graph.soleBatchNormalization(after: node), let scale = products[norm.scale],
      let bias = products[norm.bias]
    {
      return zip(scale, bias).map(+)
    }
    let area = graph.weightShape(of: node)?.kernel.area ?? 1
    let bias = graph.parameters(of: node).dropFirst().first.flatMap { products[$0.name] }
    return (0..<taps.count / area).map { filter in
      taps[filter * area..<(filter + 1) * area].reduce(bias?[filter] ?? 0, +)
    }
  }

  /// Adds what other images said about the same model.
  public mutating func add(_ other: TaylorImportance) {
    images += other.images
    for node in layers.indices {
      guard let layer = other.layers[node] else { continue }
      layers[node]?.weights.add(layer.weights)
      layers[node]?.taps.add(layer.taps)
      layers[node]?.filters.add(layer.filters)
    }
  }
}

extension [Float] {
  fileprivate mutating func add(_ other: [Float]) {
    for index in indices { self[index] += other[index] }
  }

  fileprivate mutating func addSquares(of other: [Float]) {
    for index in indices { self[index] += other[index] * other[index] }
  }
}

extension TaylorImportance: Importance {
  /// The sum over the nodes that make a channel; losses of different layers are of one kind.
  func channels(ofGroup number: Int, _ groups: ChannelGroups) -> [Float] {
    let group = groups.groups[number]
    var total = [Float](repeating: 0, count: group.channels)
    for producer in group.producers {
      guard let filters = layers[producer]?.filters else { continue }
      for (filter, channel) in (groups.maps[producer]?.channels ?? []).enumerated() {
        guard let channel, channel.group == number else { continue }
        total[channel.index] += filters[filter] / Float(max(images, 1))
      }
    }
    return total
  }

  /// Taps are judged over all inputs of the dense layer.
  func mask(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> WeightMask {
    guard let layer = layers[node], let shape = left.shape(ofNode: node, of: model.graph) else {
      return WeightMask([])
    }
    guard pattern.keptTaps(of: shape.kernel) != nil else {
      let weights = left.gathering(layer.weights, of: model.graph, node: node)
      return pattern.mask(weights, shape: shape, sharing)
    }
    let area = shape.kernel.area
    let taps = left.filters.map { Array(layer.taps[$0 * area..<($0 + 1) * area]) }
    return WeightMask(
      pattern.masks(forEnergy: taps, kernel: shape.kernel, sharing), inputs: shape.inputs)
  }
}
