public import ArgumentParser
public import Patterns

/// For what the network is pruned.
public struct EngineOptions: ParsableArguments {
  /// What is to run the result.
  @Option(help: "What is to run the result, which decides the menus: native, onnx or tensorrt.")
  public var engine: TargetEngine = .native

  /// The native engine.
  public init() {}
}

extension TargetEngine: ExpressibleByArgument {}
