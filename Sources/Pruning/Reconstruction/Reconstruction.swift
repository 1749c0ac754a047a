public import Engine
internal import LinearAlgebra
public import ModelGraph
internal import Patterns
public import Threads

/// Gives pruned layers the weights that do best for what is left of them: least squares on the
/// covariance of the dense model's inputs, with an intercept that takes the mean of what is gone.
///
/// Any pattern is served alike: what counts is which weights a filter keeps. Filters that keep the same
/// ones share a factorisation. Layers whose inputs are too many for a covariance (see
/// `Calibration.mostFeatures`) stay as they are; layers that share a weight are solved for all their inputs together.
public struct Reconstruction: Sendable {
  let model: Model
  let groups: ChannelGroups
  /// By node.
  var layers: [Int: LayerReconstruction]
  let threads: Int

  /// Inputs of a layer that its damping is chosen on.
  private static let heldOutSamples = 1024

  /// Measures the inputs of the dense model's layers once, and chooses how strongly each is held near the dense
  /// weights.
  ///
  /// - Parameter heldOut: images that are not fitted to, on which the dampings are chosen; nil for the least.
  /// - Returns: nil if `cancellation` was asked for.
  /// - Throws: `EngineError` if the model cannot be compiled.
  public init?(
    _ model: Model, calibration: Calibration, heldOut: Calibration? = nil,
    threads: Int = Evaluator.defaultThreads, cancellation: Cancellation? = nil
  ) throws(EngineError) {
    let nodes = Set(model.graph.correctableLayers)
    guard
      let moments = try calibration.inputMoments(
        of: model, nodes: nodes, threads: threads, cancellation: cancellation)
    else { return nil }
    let shared = model.graph.layersOfWeights.values.filter { $0.count > 1 }
    let pooled = shared.reduce(into: moments) { moments, layers in
      for (layer, own) in zip(layers, InputMoments.pooled(layers.compactMap { moments[$0] })) {
        moments[layer] = own
      }
    }
    self.init(model, moments: pooled, threads: threads)
    guard let heldOut else { return }
    let layers = layers
    let dampings = try heldOut.mapInputs(
      of: model, nodes: Set(layers.keys), samples: Self.heldOutSamples, threads: threads,
      cancellation: cancellation
    ) { node, rows in
      layers[node]?.damping(
        heldOut: rows, taps: model.graph.weightShape(of: node)?.kernel.area ?? 1)
    }
    guard let dampings else { return nil }
    for (node, damping) in dampings {
      self.layers[node]?.damping = damping ?? LeastSquares.leastDamping
    }
    // One weight is held once, as strongly as any of its layers asks for.
    for users in shared {
      let damping = users.compactMap { self.layers[$0]?.damping }.max()
      for user in users { self.layers[user]?.damping = damping ?? LeastSquares.leastDamping }
    }
  }

  /// From moments that were measured before.
  init(
    _ model: Model, moments: [Int: InputMoments], dampings: [Int: Double] = [:], threads: Int
  ) {
    self.model = model
    self.threads = threads
    groups = ChannelGroups(model.graph)
    let measured = moments.sorted { $0.key < $1.key }
    let layers = parallelMap(measured.count, threads: threads) { place in
      let (node, moments) = measured[place]
      var layer = LayerReconstruction(model, node: node, moments: moments)
      if let damping = dampings[node] { layer?.damping = damping }
      return layer
    }
    self.layers = zip(measured, layers).reduce(into: [:]) { $0[$1.0.key] = $1.1 }
  }

  /// The pruned model with reconstructed weights; its zeros stay zero.
  public func reconstructed(_ pruned: PrunedModel) -> PrunedModel {
    let kept = pruned.keptFeatures(ofNodes: layers.keys, of: model.graph)
    let nodes = kept.keys.sorted()
    let parts = parallelMap(nodes.count, threads: threads) { index in
      let node = nodes[index]
      return kept[node].flatMap { layers[node]?.solution($0) }
    }
    let solved = zip(nodes, parts).compactMap { node, part in part.map { (node, $0) } }
    return pruned.replacing(Dictionary(uniqueKeysWithValues: solved))
  }

  /// How much of each remaining filter's output is lost for good: the variance of the error after
  /// reconstruction over the variance of the dense output; 0 for layers that are whole.
  ///
  /// - Returns: by node.
  public func losses(_ pruned: PrunedModel) -> [Int: [Double]] {
    pruned.keptFeatures(ofNodes: layers.keys, of: model.graph).reduce(into: [:]) {
      result, entry in
      result[entry.key] = layers[entry.key]?.losses(entry.value)
    }
  }
}
