public import Engine
internal import Formats
internal import Metrics
public import ModelGraph
internal import Patterns

/// Brings the statistics of pruned models back to the dense model's: see `Calibration` and `OutputMatching`.
public struct StatisticsMatching: Sendable {
  private let matching: OutputMatching
  private let imagesPerPass: Int
  private let dense: Calibration.Pass
  /// Layers that are matched.
  private let layers: Set<Int>
  /// Those of them that can only be shifted, as they share their weight and no batch-norm follows.
  private let shiftedLayers: Set<Int>

  /// Measures the dense model once.
  ///
  /// Images are left out if there is not enough memory for all: see `Program.images(_:holding:)`.
  /// - Throws: `EngineError` if it cannot be compiled.
  public init(
    _ model: Model, calibration: Calibration, threads: Int = Evaluator.defaultThreads
  ) throws(EngineError) {
    let program = try Program(model)
    imagesPerPass = program.imagesPerPass
    let graph = model.graph
    layers = Set(graph.correctableLayers)
    shiftedLayers = Set(
      graph.layersOfWeights.values.filter { $0.count > 1 }.joined().filter {
        graph.soleBatchNormalization(after: $0) == nil
      })
    let memory = calibration.memory
    matching = OutputMatching(
      Calibration(
        calibration.dataset,
        images: program.images(calibration.dataset.count, holding: memory.liveActivations),
        memory: memory),
      threads: threads, activationBytes: memory.matchingCache,
      liveBytes: memory.liveActivations)
    dense = matching.pass(program, matching: [:])
  }

  /// The program of a pruned model, its statistics matched.
  ///
  /// Images a pass are those of the dense model, so that what begins alike is computed alike.
  ///
  /// - Parameter known: the corrections that this came to before for the same model, which spare the pass over the
  ///   calibration images.
  /// - Throws: `EngineError` if the model cannot be compiled.
  func program(
    of pruned: PrunedModel, knowing known: [Int: Calibration.Correction]? = nil
  ) throws -> (program: Program, corrections: [Int: Calibration.Correction]) {
    let lowered = try pruned.lowered()
    let program = try Program(lowered.model, imagesPerPass: imagesPerPass)
    if let known { return (program.correcting(known), known) }
    var targets: [Int: Calibration.Moments] = [:]
    for (node, origin) in lowered.origins.enumerated() where layers.contains(origin) {
      targets[node] = target(origin, of: pruned)
    }
    let corrections = matching.corrections(of: program, matching: targets)
    return (program.correcting(corrections), corrections)
  }

  /// The pruned model with its statistics matched.
  /// - Throws: `EngineError` if the model cannot be compiled.
  public func matched(_ pruned: PrunedModel) throws(EngineError) -> PrunedModel {
    let program = try Program(pruned.model, imagesPerPass: imagesPerPass)
    return pruned.correcting(matching.corrections(of: program, matching: targets(of: pruned)))
  }

  /// How far a pruned model's outputs are from the dense model's on the calibration images when its statistics
  /// are matched: the squared error over the variance of the dense outputs.
  /// - Throws: `EngineError` if the model cannot be compiled.
  public func outputError(of pruned: PrunedModel) throws(EngineError) -> Double {
    let program = try Program(pruned.model, imagesPerPass: imagesPerPass)
    let pass = matching.pass(program, matching: targets(of: pruned))
    return LogitDistance.error(of: pass.outputs, from: dense.outputs)
  }

  private func targets(of pruned: PrunedModel) -> [Int: Calibration.Moments] {
    Dictionary(
      uniqueKeysWithValues: layers.compactMap { node in
        target(node, of: pruned).map { (node, $0) }
      })
  }

  /// What the output of a layer is brought to.
  private func target(_ node: Int, of pruned: PrunedModel) -> Calibration.Moments? {
    let moments = dense.moments[node]?.keeping(pruned.keptIndices[node])
    return shiftedLayers.contains(node) ? moments?.ofAnyDeviation : moments
  }
}
