public import Engine
internal import Formats
internal import LinearAlgebra
internal import Metrics
public import ModelGraph
internal import Patterns
public import Threads

/// Solves a pruned network's layers again, one after the other from the input on: each gets the weights that
/// bring what it reads in the pruned network nearest to what the dense network's layer yields, errors of the
/// layers before it and of its shortcut included. See `SideBySide`.
///
/// Meant for the strategies that matter: every layer takes a pass of its own over a part of both networks.
public struct SequentialReconstruction: Sendable {
  private let model: Model
  private let sideBySide: SideBySide
  private let evaluator: Evaluator
  private let denseOutputs: [Float]
  /// The images that layers are solved on.
  var images: Int { sideBySide.dataset.count }
  /// By node; the least for others.
  private let dampings: [Int: Double]

  /// Runs the dense model once.
  ///
  /// - Parameters:
  ///   - heldOut: images that outputs are compared on; those of the calibration if nil.
  ///   - reconstruction: which says how strongly layers are held, if there is memory for all images; with fewer of them
  ///     that is chosen anew. The least if nil.
  /// - Throws: `EngineError` if it cannot be compiled.
  public init(
    _ model: Model, calibration: Calibration, heldOut: Calibration? = nil,
    dampedAs reconstruction: Reconstruction? = nil, threads: Int = Evaluator.defaultThreads
  ) throws(EngineError) {
    self.model = model
    sideBySide = try SideBySide(dense: model, calibration: calibration, threads: threads)
    var reconstruction = reconstruction
    if reconstruction != nil, sideBySide.dataset.count < calibration.dataset.count {
      let some = Calibration(
        sideBySide.dataset, images: sideBySide.dataset.count, memory: calibration.memory)
      reconstruction = try Reconstruction(
        model, calibration: some, heldOut: heldOut, threads: threads)
    }
    dampings = reconstruction?.layers.mapValues(\.damping) ?? [:]
    evaluator = Evaluator(heldOut?.dataset ?? sideBySide.dataset, threads: threads)
    denseOutputs = evaluator.outputs(of: try Program(model)) ?? []
  }

  /// The pruned model with its layers solved again; it stays as it is if its classes on the images held out are no
  /// nearer to the dense model's then: solved on few images, logits may come nearer on the whole while their order suffers.
  ///
  /// - Parameters:
  ///   - pruned: best after `Reconstruction`, whose weights hold where the images say little.
  ///   - progress: called with the layers that are done and those there are.
  /// - Returns: nil if `cancellation` was asked for.
  /// - Throws: `EngineError` if the model cannot be compiled.
  public func resolved(
    _ pruned: PrunedModel, cancellation: Cancellation? = nil,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(EngineError) -> PrunedModel? {
    // A weight that several layers share would be solved for the last of them.
    let shared = Set(model.graph.layersOfWeights.values.filter { $0.count > 1 }.flatMap(\.self))
    let kept = pruned.keptFeatures(
      ofNodes: model.graph.correctableLayers.filter { !shared.contains($0) }, of: model.graph)
    var done = 0
    let revised = try sideBySide.revising(
      pruned.model, filters: kept.mapValues(\.filters), cancellation: cancellation
    ) { current, regression in
      done += 1
      progress(done, kept.count)
      let damping = dampings[regression.node] ?? LeastSquares.leastDamping
      guard damping.isFinite else { return nil }
      return kept[regression.node].flatMap { current.solved(regression, $0, damping: damping) }
    }
    guard let revised, let before = try distance(pruned.model, cancellation),
      let after = try distance(revised, cancellation)
    else { return nil }
    return after < before ? pruned.replacing(revised) : pruned
  }

  /// How far a model's classes are from the dense model's on the images held out, in nats, or the error of its output if
  /// it has but one; nil if cancelled.
  func distance(
    _ other: Model, _ cancellation: Cancellation? = nil
  ) throws(EngineError) -> Double? {
    let program = try Program(other)
    return evaluator.outputs(of: program, cancellation: cancellation).map {
      let distance = LogitDistance($0, from: denseOutputs, classes: program.outputCount)
      return program.outputCount > 1 ? distance.divergence : distance.error
    }
  }
}

extension Model {
  /// The model with one layer's weights and intercept solved for, zeros staying zero; nil if there is nothing
  /// to solve.
  fileprivate func solved(
    _ regression: SideBySide.Regression, _ kept: KeptFeatures, damping share: Double
  ) -> Model? {
    let (node, moments) = (regression.node, regression.moments)
    guard let name = graph.weight(of: node)?.name, var weight = parameters[name],
      moments.features == kept.features.count
    else { return nil }
    let (features, perGroup) = (moments.features, moments.targets)
    let affine = foldedAffine(of: node, filters: kept.filters.count)
    var shifts = [Float](repeating: 0, count: kept.filters.count)
    for group in 0..<moments.groups {
      let rows = group * perGroup..<(group + 1) * perGroup
      let covariance = moments.covariance(ofGroup: group)
      let targets = moments.targetCovariance(ofGroup: group)
      let damping = max(share * covariance.meanDiagonal, .leastNormalMagnitude)
      let supports = Dictionary(grouping: rows) { row in
        kept.mask.map { $0[row * features..<(row + 1) * features] } ?? []
      }
      for rows in supports.values {
        let support = kept.support(ofFilter: rows[0]).map(\.place)
        let inner = covariance.submatrix(support)
        // As the batch-norm scales them, which is how the targets are.
        var solution = rows.flatMap { row in
          support.map { Double(weight.values[row * features + $0]) * affine[row].scale }
        }
        let own = inner.multiplied(by: solution)
        let missing = rows.enumerated().flatMap { index, row in
          support.enumerated().map { place, feature in
            targets[(row - group * perGroup) * features + feature]
              - own[index * support.count + place]
          }
        }
        guard let factor = Cholesky(inner, damping: damping) else { continue }
        let steps = factor.solution(for: missing)
        for index in solution.indices { solution[index] += steps[index] }
        for (index, row) in rows.enumerated() where abs(affine[row].scale) > 1e-6 {
          var shift = moments.targetMeans[row] - affine[row].shift
          for (place, feature) in support.enumerated() {
            let value = solution[index * support.count + place]
            weight.values[row * features + feature] = Float(value / affine[row].scale)
            shift -= value * moments.featureMeans[group * features + feature]
          }
          shifts[row] = Float(shift)
        }
      }
    }
    var draft = ModelDraft(self)
    draft.parameters[name] = weight
    draft.correct(
      node, by: Calibration.Correction(scale: shifts.map { _ in 1 }, shift: shifts))
    return try? draft.model()
  }

  /// The affine map of each filter's product with its input, bias and batch-norm included.
  private func foldedAffine(
    of node: Int, filters: Int
  ) -> [(scale: Double, shift: Double)] {
    let bias: [Float]? =
      switch graph.nodes[node].op {
      case .convolution(let conv): conv.bias.flatMap { parameters[$0]?.values }
      case .linear(let linear): linear.bias.flatMap { parameters[$0]?.values }
      default: nil
      }
    let scales = normScale(after: node)
    let norm = graph.soleBatchNormalization(after: node)
    return (0..<filters).map { row in
      let own = Double(bias?[row] ?? 0)
      guard let norm, let scale = scales?[row], let mean = parameters[norm.mean]?.values[row],
        let shift = parameters[norm.bias]?.values[row]
      else { return (1, own) }
      return (scale, (own - Double(mean)) * scale + Double(shift))
    }
  }
}
