public import Engine
public import Patterns

/// The program that is run to measure a strategy.
public struct CompiledStrategy: Sendable {
  /// The network that the strategy makes.
  public let program: Program
  /// Its cost.
  public let cost: Cost
  /// What brought the statistics of its layers back, by the program's nodes; nil if nothing was to.
  public let corrections: [Int: Calibration.Correction]?

  init(
    program: Program, cost: Cost, corrections: [Int: Calibration.Correction]? = nil
  ) {
    self.program = program
    self.cost = cost
    self.corrections = corrections
  }

  /// Compiles a pruned model as it is.
  /// - Throws: `EngineError` or `GraphError`, which no pruned model leads to.
  public init(_ pruned: PrunedModel) throws {
    self.init(program: try Program(pruned.lowered().model), cost: pruned.cost)
  }
}
