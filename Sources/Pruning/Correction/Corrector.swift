public import Engine
public import Formats
internal import Foundation
public import ModelGraph
public import Patterns
internal import Synchronization

/// Applies strategies to a model and corrects what comes out. What a correction needs to know of the dense
/// model is measured when it is first wanted.
public struct Corrector: Sendable {
  /// The dense model.
  public let model: Model
  /// Its prunable units.
  public let space: PruningSpace
  /// The calibration images.
  public let images: Dataset
  /// The images that layers are fitted to.
  let fitted: Dataset
  /// The images that fits are judged on; nil if there is but one image.
  let heldOut: Dataset?
  let threads: Int
  /// The memory of which it takes a share.
  public let memory: MemoryBudget
  /// The importance that decides which weights stay; see `PruningMethod`.
  let importance: ImportanceMeasure?
  /// The digest of the model's files.
  let digest: String?

  private let matching = Deferred<StatisticsMatching>()
  private let applier = Deferred<VariantApplier>()
  private let taylor = Deferred<TaylorImportance>()
  private let sequential = Deferred<SequentialReconstruction>()

  /// A corrector of the model in a file.
  public init(
    _ file: ModelFile, _ space: PruningSpace, images: Dataset, threads: Int,
    memory: MemoryBudget = .standard, importance: ImportanceMeasure?
  ) {
    self.init(
      file.model, digest: file.digest, space, images: images, threads: threads, memory: memory,
      importance: importance)
  }

  /// A corrector of a model that needs no file; without a digest nothing is kept for the next time.
  init(
    _ model: Model, digest: String? = nil, _ space: PruningSpace, images: Dataset, threads: Int,
    memory: MemoryBudget = .standard, importance: ImportanceMeasure?
  ) {
    self.model = model
    self.digest = digest
    self.space = space
    self.images = images
    let isHeldOut = { (index: Int) in index % Self.heldOutEvery == Self.heldOutEvery / 2 }
    fitted = images.subset((0..<images.count).filter { images.count < 2 || !isHeldOut($0) })
    let rest = (0..<images.count).filter(isHeldOut)
    heldOut = rest.isEmpty || images.count < 2 ? nil : images.subset(rest)
    self.threads = threads
    self.memory = memory
    self.importance = importance
  }

  /// Images whose statistics are matched: more hardly change them.
  public static let matchedImages = 128
  /// Images that gradients are taken of.
  private static let judgedImages = 512
  /// Images that layers are solved on.
  private static let solvedImages = 1024
  /// One image of so many judges what the others are fitted to.
  private static let heldOutEvery = 5
  /// Images that fits are judged on.
  private static let heldOutImages = 256
  /// A larger file of variants, of a large network, is not kept: it would fill the cache.
  private static let mostBytes = 1 << 29

  /// The model that `strategy` makes, corrected.
  /// - Throws: `PatternError` or `EngineError`.
  public func prune(_ strategy: Strategy, _ correction: Correction) throws -> PrunedModel {
    switch correction {
    case .none: try masked(strategy)
    case .matched: try matched(prune(strategy, .none))
    case .reconstructed:
      switch importance {
      case nil, .reconstruction: try variants().apply(strategy)
      case .energy, .taylor: try variants().reconstruction.reconstructed(masked(strategy))
      }
    case .reconstructedAndMatched: try matched(prune(strategy, .reconstructed))
    case .resolved: try matched(resolved(prune(strategy, .reconstructed)))
    }
  }

  /// Makes what all strategies need, with all threads: in the midst of work that these share it would be one's alone.
  public func prepare(_ correction: Correction) throws {
    switch importance {
    case nil, .energy: break
    case .reconstruction: _ = try variants()
    case .taylor: _ = try gradients()
    }
    switch correction {
    case .none: break
    case .matched: _ = try statistics()
    case .reconstructed: _ = try variants()
    case .reconstructedAndMatched: _ = try (variants(), statistics())
    case .resolved: _ = try (variants(), resolution(), statistics())
    }
  }

  private func masked(_ strategy: Strategy) throws -> PrunedModel {
    switch importance {
    case nil, .energy: return try space.apply(strategy, to: model)
    case .reconstruction:
      return try space.apply(
        strategy, with: variants().reconstruction, reconstructs: false)
    case .taylor:
      return try space.apply(strategy, by: gradients())
    }
  }

  private func gradients() throws -> TaylorImportance {
    try taylor.value {
      try TaylorImportance(model, images: images.spread(Self.judgedImages), threads: threads)
    }
  }

  private func matched(_ pruned: PrunedModel) throws -> PrunedModel {
    try statistics().matched(pruned)
  }

  private func statistics() throws -> StatisticsMatching {
    try matching.value {
      try StatisticsMatching(
        model,
        calibration: Calibration(images, images: Self.matchedImages, memory: memory),
        threads: threads)
    }
  }

  /// The program that is run to measure `strategy`, corrected, and its cost: the network that `prune` makes, to rounding,
  /// but compiled once and corrected in its packed weights.
  ///
  /// - Parameter known: `CompiledStrategy.corrections` of the same strategy; then no statistics are measured.
  /// - Throws: `PatternError` or `EngineError`.
  public func compiled(
    _ strategy: Strategy, _ correction: Correction,
    knowing known: [Int: Calibration.Correction]? = nil
  ) throws -> CompiledStrategy {
    switch correction {
    case .matched, .reconstructedAndMatched:
      let pruned = try prune(strategy, correction.decisions)
      let (program, corrections) = try statistics().program(of: pruned, knowing: known)
      return CompiledStrategy(program: program, cost: pruned.cost, corrections: corrections)
    case .none, .reconstructed, .resolved:
      return try CompiledStrategy(prune(strategy, correction))
    }
  }

  /// How far the outputs of what `strategy` makes are from the dense model's on the calibration images of
  /// `matching`: the squared error over the variance of the dense outputs.
  public func outputError(
    of strategy: Strategy, _ correction: Correction, matching: StatisticsMatching
  ) throws -> Double {
    try matching.outputError(of: prune(strategy, correction.decisions))
  }

  /// With the variants as they were worked out before for this model and these images, otherwise none yet.
  private func variants() throws -> VariantApplier {
    try applier.value {
      if let place = variantFile,
        let known = VariantFile.read(
          from: place.path, key: place.key, space.sharing, of: model, threads: threads)
      {
        return VariantApplier(space, known.reconstruction, cache: known.cache)
      }
      let reconstruction = try Reconstruction(
        model, calibration: Calibration(fitted, images: Self.solvedImages, memory: memory),
        heldOut: heldOut.map {
          Calibration($0, images: Self.heldOutImages, memory: memory)
        }, threads: threads)
      guard let reconstruction else { throw PatternError("the reconstruction was cancelled") }
      return VariantApplier(
        space, reconstruction, cache: VariantCache(capacity: memory.variants))
    }
  }

  /// Keeps the variants that are known in `$XDG_CACHE_HOME/sculpt`; a cache that cannot be written is only
  /// slower.
  public func keepVariants() {
    guard let applier = applier.known, let place = variantFile,
      case let file = VariantFile(applier.reconstruction, applier.cache),
      file.byteCount <= Self.mostBytes
    else { return }
    try? FileManager.default.createDirectory(
      at: URL(filePath: place.path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try? file.write(to: place.path, key: place.key, space.sharing)
  }

  /// Where the variants are kept, and what they depend on; nil if they cannot be told apart from others.
  private var variantFile: (path: String, key: String)? {
    guard let digest, let pixels = SHA256.hexDigest(of: images.spread(2 * Self.solvedImages).pixels)
    else { return nil }
    let key = [digest, pixels, "\(model.input)", "\(space.sharing)"]
    return CacheFolder.path("variants", key: key, suffix: "bank").map {
      ($0, key.joined(separator: "\n"))
    }
  }

  private func resolved(_ pruned: PrunedModel) throws -> PrunedModel {
    try resolution().resolved(pruned) ?? pruned
  }

  private func resolution() throws -> SequentialReconstruction {
    try sequential.value {
      try SequentialReconstruction(
        model, calibration: Calibration(fitted, images: Self.solvedImages, memory: memory),
        heldOut: heldOut.map {
          Calibration($0, images: Self.heldOutImages, memory: memory)
        },
        dampedAs: variants().reconstruction, threads: threads)
    }
  }
}

/// A value that is made when it is first wanted, once.
private final class Deferred<Value: Sendable>: Sendable {
  private let made = Mutex<Value?>(nil)

  /// The value, unless it was never wanted.
  var known: Value? { made.withLock { $0 } }

  func value(_ make: () throws -> Value) throws -> Value {
    try made.withLock { made in
      if let made { return made }
      let value = try make()
      made = value
      return value
    }
  }
}
