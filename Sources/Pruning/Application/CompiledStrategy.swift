public import Engine
public import Patterns

/// The program that is run to measure a strategy.
public struct CompiledStrategy: Sendable {
  /// The network that the strategy makes.
  public let program: Program
  /// Its cost.
  public let cost: Cost

  init(program: Program, cost: Cost) {
    self.program = program
    self.cost = cost
  }

  /// Compiles a pruned model as it is.
  /// - Throws: `EngineError` or `GraphError`, which no pruned model leads to.
  public init(_ pruned: PrunedModel) throws {
    self.init(program: try Program(pruned.lowered().model), cost: pruned.cost)
  }
}
