public import Engine
public import Formats
public import ModelGraph
public import Patterns

/// A trained model on the bench: what can be pruned, and the images that judge it.
public struct Workbench: Sendable {
  /// The model's file, weights read.
  public let file: ModelFile
  /// The decisions that a strategy takes.
  public let space: PruningSpace
  /// Measures on the split that was asked for.
  public let evaluator: Evaluator

  /// The model.
  public var model: Model { file.model }

  /// Reads a model with its weights and one split of its data.
  ///
  /// - Throws: `FormatError`, which names the file at fault.
  public init(
    modelAt path: String, split: Split = .validation, library: PatternLibrary = .standard,
    threads: Int = Evaluator.defaultThreads
  ) throws(FormatError) {
    try self.init(
      ModelFile.read(at: path), split: split, library: library, threads: threads)
  }

  /// Reads one split of a model's data.
  ///
  /// - Throws: `FormatError` when the model names no such split or its files are damaged.
  public init(
    _ file: ModelFile, split: Split = .validation, library: PatternLibrary = .standard,
    threads: Int = Evaluator.defaultThreads
  ) throws(FormatError) {
    guard let source = file.data[split] else {
      throw FormatError(
        file.path, "names no \(split.rawValue) data",
        remedy: "add \"\(split.rawValue)\": {\"images\": …, \"labels\": …} to its \"data\"")
    }
    self.file = file
    space = PruningSpace(file.model.graph, library: library)
    evaluator = Evaluator(try Dataset.read(source, for: file.model.graph), threads: threads)
  }

  /// The dense model compiled.
  public func denseProgram() throws(EngineError) -> Program {
    try Program(model)
  }

  /// Measures a strategy.
  ///
  /// - Parameters:
  ///   - images: how many of the split, from its first on; all by default.
  ///   - progress: called with the accuracy so far.
  /// - Returns: nil if `cancellation` was asked for.
  public func measure(
    _ strategy: Strategy, images: Int = .max, cancellation: Cancellation? = nil,
    progress: (Accuracy) -> Void = { _ in }
  ) throws -> Measurement? {
    let pruned = try space.apply(strategy, to: model)
    let program = try Program(pruned.model)
    let accuracy = evaluator.accuracy(
      of: program, range: 0..<min(images, evaluator.dataset.count), cancellation: cancellation,
      progress: progress)
    return accuracy.map { Measurement(cost: pruned.cost, accuracy: $0) }
  }
}

/// What a strategy costs and what it keeps.
public struct Measurement: Hashable, Sendable, Codable {
  /// MACs and parameters, exact.
  public var cost: Cost
  /// On the images that were looked at.
  public var accuracy: Accuracy

  /// A measurement.
  public init(cost: Cost, accuracy: Accuracy) {
    self.cost = cost
    self.accuracy = accuracy
  }
}
