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
  /// Images whose statistics may be used; nil if the model names none, or no correction is wanted.
  public let calibration: Dataset?

  /// What is done to pruned models.
  public let correction: Correction
  /// What decides which weights stay, if it was chosen.
  let importance: ImportanceMeasure?
  /// Corrects pruned models, if there are calibration images.
  let corrector: Corrector?
  /// What was measured before.
  private let measurements = MeasurementCache()

  /// The model.
  public var model: Model { file.model }

  /// Reads a model with its weights and one split of its data.
  ///
  /// - Throws: `FormatError`, which names the file at fault.
  public init(
    modelAt path: String, split: Split = .validation, library: PatternLibrary = .standard,
    engine: TargetEngine = .native, threads: Int = Evaluator.defaultThreads,
    correction: Correction = .both
  ) throws(FormatError) {
    try self.init(
      ModelFile.read(at: path), split: split, library: library, engine: engine, threads: threads,
      correction: correction)
  }

  /// Reads one split of a model's data.
  ///
  /// - Parameters:
  ///   - sharing: which filters of a convolution have one mask.
  ///   - importance: what decides which weights stay; nil for `reconstruction` where the correction
  ///     reconstructs, otherwise `energy`.
  /// - Throws: `FormatError` when the model names no such split, no images that an importance is measured on,
  ///   or its files are damaged.
  public init(
    _ file: ModelFile, split: Split = .validation, library: PatternLibrary = .standard,
    engine: TargetEngine = .native, sharing: MaskSharing = .standard,
    threads: Int = Evaluator.defaultThreads,
    correction: Correction = .both, importance: ImportanceMeasure? = nil
  ) throws(FormatError) {
    guard let source = file.data[split] else {
      throw FormatError(
        file.path, "names no \(split.rawValue) data",
        remedy: "add \"\(split.rawValue)\": {\"images\": …, \"labels\": …} to its \"data\"")
    }
    self.file = file
    space = PruningSpace(
      file.model.graph, library: library, engine: engine, sharing: sharing)
    evaluator = Evaluator(
      try Dataset.read(source, for: file.model.graph), threads: threads, cache: PrefixCache())
    self.correction = correction
    self.importance = importance
    let isMeasured = importance == .taylor || importance == .reconstruction
    guard correction != .none || isMeasured, let source = file.data[.calibration] else {
      if isMeasured {
        throw FormatError(
          file.path, "names no images to measure importance on",
          remedy: "name some by --calibration")
      }
      (calibration, corrector) = (nil, nil)
      return
    }
    let images = try Dataset.read(source, for: file.model.graph)
    calibration = images
    corrector = Corrector(file, space, images: images, threads: threads, importance: importance)
  }

  /// The model that `strategy` makes, corrected.
  /// - Throws: `PatternError` or `EngineError`.
  public func prune(_ strategy: Strategy) throws -> PrunedModel {
    try prune(strategy, correction)
  }

  /// The model that `strategy` makes, with another correction than the others; none without calibration images.
  public func prune(_ strategy: Strategy, _ correction: Correction) throws -> PrunedModel {
    guard let corrector, !strategy.isDense else {
      return try space.apply(strategy, to: model)
    }
    return try corrector.prune(strategy, correction)
  }

  /// The dense model compiled.
  public func denseProgram() throws(EngineError) -> Program {
    try Program(model)
  }

  /// Measures a strategy.
  ///
  /// - Parameters:
  ///   - images: how many of the split, from its first on; all by default.
  ///   - race: ends the measurement when the strategy cannot beat this any more.
  ///   - progress: called with the accuracy so far.
  /// - Returns: nil if `cancellation` was asked for.
  public func measure(
    _ strategy: Strategy, images: Int = .max, race: Race? = nil,
    cancellation: Cancellation? = nil, progress: (Accuracy) -> Void = { _ in }
  ) throws -> Measurement? {
    let images = min(images, evaluator.dataset.count)
    if let known = measurements[strategy.choices, images: images] {
      progress(known.accuracy)
      return known
    }
    let pruned = try prune(strategy)
    if cancellation?.isRequested == true { return nil }
    let program = try Program(pruned.lowered().model)
    let accuracy = evaluator.accuracy(
      of: program, range: 0..<images, race: race, cancellation: cancellation, progress: progress)
    guard let accuracy else { return nil }
    let measurement = Measurement(cost: pruned.cost, accuracy: accuracy)
    if accuracy.images == images { measurements[strategy.choices, images: images] = measurement }
    return measurement
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
