public import Engine
internal import Metrics
public import ModelGraph
internal import Patterns

/// Brings the statistics of pruned models back to the dense model's: see `Calibration`.
public struct StatisticsMatching: Sendable {
  private let calibration: Calibration
  private let dense: Calibration.Pass

  /// Measures the dense model once.
  /// - Throws: `EngineError` if it cannot be compiled.
  public init(_ model: Model, calibration: Calibration) throws(EngineError) {
    self.calibration = calibration
    dense = try calibration.pass(model)
  }

  /// The pruned model with its statistics matched, and how far its outputs are then from the dense
  /// model's on the calibration images: the squared error over the variance of the dense outputs.
  ///
  /// - Throws: `EngineError` if the model cannot be compiled.
  public func matched(_ pruned: PrunedModel) throws(EngineError) -> (
    model: Model, outputError: Double
  ) {
    let targets = Dictionary(
      uniqueKeysWithValues: dense.moments.map { node, moments in
        (node, moments.keeping(pruned.keptIndices[node]))
      })
    let pass = try calibration.pass(pruned.model, matching: targets)
    let model: Model
    do {
      model = try pruned.model.correcting(pass.corrections)
    } catch {
      preconditionFailure("a corrected model has the shapes of the pruned one: \(error)")
    }
    return (model, LogitDistance.error(of: pass.outputs, from: dense.outputs))
  }
}
