public import Engine
public import Formats
public import Metrics
public import ModelGraph
public import Patterns
public import Pruning
package import Ranks
internal import Synchronization
public import Threads

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

  /// How strategies are made into models.
  public let method: PruningMethod
  /// The memory of which it takes a share.
  let memory: MemoryBudget
  /// Corrects pruned models, if there are calibration images.
  let corrector: Corrector?
  /// The processes that share the work.
  package var ranks = Ranks.alone
  /// Earlier measurements.
  private let measurements = MeasurementCache()
  private let reference = DenseOutputs()
  /// What matches the statistics of strategies whose sensitivity is measured.
  let sensitivityMatching = Kept<Int, StatisticsMatching>()
  /// What reports of choices have in common, by the number of images.
  let choiceReporter = Kept<Int, ChoiceReporter>()

  /// The model.
  public var model: Model { file.model }

  /// Reads a model with its weights and one split of its data.
  ///
  /// - Throws: `FormatError`, which names the file at fault.
  public init(
    modelAt path: String, split: Split = .validation, library: PatternLibrary = .standard,
    engine: TargetEngine = .native, threads: Int = Evaluator.defaultThreads,
    memory: MemoryBudget = .standard, method: PruningMethod = PruningMethod()
  ) throws(FormatError) {
    try self.init(
      ModelFile.read(at: path), split: split, library: library, engine: engine, threads: threads,
      memory: memory, method: method)
  }

  /// Reads one split of a model's data.
  ///
  /// - Throws: `FormatError` when the model names no such split, no images that an importance is measured on,
  ///   or its files are damaged.
  public init(
    _ file: ModelFile, split: Split = .validation, library: PatternLibrary = .standard,
    engine: TargetEngine = .native, threads: Int = Evaluator.defaultThreads,
    memory: MemoryBudget = .standard, method: PruningMethod = PruningMethod()
  ) throws(FormatError) {
    guard let source = file.data[split] else {
      throw FormatError(
        file.path, "names no \(split.rawValue) data",
        remedy: file.remedyForMissingData(of: split))
    }
    self.file = file
    space = PruningSpace(
      file.model.graph, library: library, engine: engine, sharing: method.sharing)
    evaluator = Evaluator(
      try Dataset.read(source, for: file.model), threads: threads,
      cache: PrefixCache(capacity: memory.keptActivations))
    self.method = method
    self.memory = memory
    corrector = try Self.corrector(of: file, space, method, threads: threads, memory: memory)
    calibration = corrector?.images
  }

  /// What makes and corrects pruned models of a file by its calibration images; nil if it names none, or if they are
  /// not wanted.
  ///
  /// - Throws: `FormatError` when it names no images that an importance is measured on, or its files are damaged.
  public static func corrector(
    of file: ModelFile, _ space: PruningSpace, _ method: PruningMethod,
    threads: Int = Evaluator.defaultThreads, memory: MemoryBudget = .standard
  ) throws(FormatError) -> Corrector? {
    let isMeasured = method.importance == .taylor || method.importance == .reconstruction
    guard method.correction != .none || isMeasured else { return nil }
    guard let source = file.data[.calibration] else {
      guard isMeasured else { return nil }
      throw FormatError(
        file.path, "names no images to measure importance on",
        remedy: "name some by --calibration")
    }
    return Corrector(
      file, space, images: try Dataset.read(source, for: file.model), threads: threads,
      memory: memory,
      importance: method.importance)
  }

  /// What is to be said of the calibration images; nil if they are enough.
  public var advice: CalibrationAdvice? {
    calibration.flatMap {
      CalibrationAdvice(model.graph, images: $0.count, for: method.correction)
    }
  }

  /// The model that `strategy` makes, corrected.
  /// - Throws: `PatternError` or `EngineError`.
  public func prune(_ strategy: Strategy) throws -> PrunedModel {
    try prune(strategy, method.correction)
  }

  /// The model that `strategy` makes, with another correction than the others; none without calibration images.
  public func prune(_ strategy: Strategy, _ correction: Correction) throws -> PrunedModel {
    guard let corrector, !strategy.isDense else {
      return try space.apply(strategy, to: model)
    }
    return try corrector.prune(strategy, correction)
  }

  /// The program that is run to measure `strategy`.
  ///
  /// - Parameter known: `CompiledStrategy.corrections` of the same strategy, if it was compiled before.
  /// - Throws: `PatternError` or `EngineError`.
  public func compiled(
    _ strategy: Strategy, knowing known: [Int: Calibration.Correction]? = nil
  ) throws -> CompiledStrategy {
    guard let corrector, !strategy.isDense else { return try CompiledStrategy(prune(strategy)) }
    return try corrector.compiled(strategy, method.correction, knowing: known)
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
    let measurement: Measurement?
    if ranks.free > 1 {
      let accuracy = try sharedAccuracy(
        of: strategy, images: images, race: race, cancellation: cancellation, progress: progress)
      measurement = accuracy.map { Measurement(cost: space.cost(of: strategy), accuracy: $0) }
    } else {
      let compiled = try compiled(strategy)
      if cancellation?.isRequested == true { return nil }
      measurement = try measure(
        compiled, images: images, race: race, cancellation: cancellation, progress: progress)
    }
    if let measurement, measurement.accuracy.images == images {
      measurements[strategy.choices, images: images] = measurement
    }
    return measurement
  }

  /// Measures the dense model on every image.
  ///
  /// - Parameter progress: called with the accuracy so far.
  /// - Returns: nil if `cancellation` was asked for.
  func denseAccuracy(
    _ cancellation: Cancellation?, progress: (Accuracy) -> Void
  ) throws -> Accuracy? {
    if ranks.free > 1 {
      return try sharedAccuracy(
        of: nil, images: evaluator.dataset.count, cancellation: cancellation, progress: progress)
    }
    return evaluator.accuracy(
      of: try denseProgram(), cancellation: cancellation, progress: progress)
  }

  /// What it costs to make a model that is looked at, in images.
  var overhead: Int {
    method.correction == .none || method.correction == .reconstructed
      ? 0 : min(calibration?.count ?? 0, Corrector.matchedImages)
  }

  /// A tournament on the first images of the split.
  func tournament(images: Int, isStaged: Bool = true) -> Tournament {
    Tournament(
      images: min(images, evaluator.dataset.count), overhead: overhead, isStaged: isStaged)
  }

  /// Looks at what some images say of a strategy.
  ///
  /// - Parameter parts: the images, part by part; parts that are looked at again and again are quicker.
  /// - Returns: what each part says; nil if `cancellation` was asked for.
  func look(
    at strategy: Strategy, on parts: [Range<Int>], cancellation: Cancellation? = nil
  ) throws -> [Look]? {
    try look(at: compiled(strategy).program, on: parts, cancellation: cancellation)
  }

  /// Looks at what some images say of a program.
  func look(
    at program: Program, on parts: [Range<Int>], cancellation: Cancellation? = nil
  ) throws -> [Look]? {
    let width = program.outputCount
    guard let denseParts = try denseOutputs(parts, width: width, cancellation) else { return nil }
    var looks: [Look] = []
    for (part, dense) in zip(parts, denseParts) {
      let outputs = evaluator.outputs(of: program, range: part, cancellation: cancellation)
      guard let outputs else { return nil }
      looks.append(
        Look(
          divergences: LogitDistance.divergences(
            of: outputs[...], from: dense[...], classes: width),
          errors: LogitDistance.squares(of: outputs[...], from: dense[...], classes: width),
          correct: Accuracy.correct(outputs, labels: evaluator.dataset.labels[part])))
    }
    return looks
  }

  /// Measures a pruned model of this one, likewise.
  public func measure(
    _ pruned: PrunedModel, images: Int = .max, race: Race? = nil,
    cancellation: Cancellation? = nil, progress: (Accuracy) -> Void = { _ in }
  ) throws -> Measurement? {
    try measure(
      CompiledStrategy(pruned), images: images, race: race, cancellation: cancellation,
      progress: progress)
  }

  private func measure(
    _ compiled: CompiledStrategy, images: Int, race: Race?, cancellation: Cancellation?,
    progress: (Accuracy) -> Void
  ) throws -> Measurement? {
    evaluator.accuracy(
      of: compiled.program, range: 0..<min(images, evaluator.dataset.count), race: race,
      cancellation: cancellation, progress: progress
    ).map { Measurement(cost: compiled.cost, accuracy: $0) }
  }

  /// The dense model's outputs for some parts of the split, `width` an image; nil if `cancellation` was asked for.
  private func denseOutputs(
    _ parts: [Range<Int>], width: Int, _ cancellation: Cancellation?
  ) throws -> [[Float]]? {
    let size = DenseOutputs.block
    func blocks(_ images: Range<Int>) -> Range<Int> {
      images.lowerBound / size..<(images.upperBound + size - 1) / size
    }
    return try reference.blocks.withLock { known in
      let missing = parts.flatMap(blocks).filter { known[$0] == nil }
      if let first = missing.min(), let last = missing.max() {
        let range = first * size..<min((last + 1) * size, evaluator.dataset.count)
        let outputs = evaluator.outputs(
          of: try denseProgram(), range: range, cancellation: cancellation)
        guard var rest = outputs?[...] else { return nil }
        for block in first...last {
          known[block] = Array(rest.prefix(size * width))
          rest = rest.dropFirst(size * width)
        }
      }
      return parts.map { images in
        Array(
          blocks(images).flatMap { known[$0] ?? [] }.dropFirst((images.lowerBound % size) * width)
            .prefix(images.count * width))
      }
    }
  }
}

/// The dense model's outputs, as far as they were wanted, block by block.
private final class DenseOutputs: Sendable {
  /// Images of a block.
  static let block = 64

  let blocks = Mutex<[Int: [Float]]>([:])
}
