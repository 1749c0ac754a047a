internal import Engine
internal import Formats
internal import ModelGraph
internal import Patterns
internal import Synchronization

/// What is done to a pruned model before it is measured or written. All but the first need calibration
/// images; without any they do nothing.
public enum Correction: String, CaseIterable, Sendable, Codable {
  /// Nothing: weights are zero or as they were.
  case none
  /// Each channel's mean and deviation are those of the dense model again.
  case matched
  /// What is left of each layer is solved for by least squares.
  case reconstructed
  /// Reconstructed, then matched.
  case both
  /// Reconstructed, then solved again layer by layer on what the pruned network itself yields, then
  /// matched: for the strategies that matter, as it takes a while.
  case resolved
}

/// Applies strategies to a model and corrects what comes out. What a correction needs to know of the dense
/// model is measured when it is first wanted.
struct Corrector: Sendable {
  let model: Model
  let space: PruningSpace
  /// The calibration images.
  let images: Dataset
  let threads: Int

  private let matching = Deferred<StatisticsMatching>()
  private let bank = Deferred<VariantBank>()
  private let resolution = Deferred<SequentialReconstruction>()

  init(_ model: Model, _ space: PruningSpace, images: Dataset, threads: Int) {
    self.model = model
    self.space = space
    self.images = images
    self.threads = threads
  }

  /// Images whose statistics are matched: more hardly change them.
  private static let matchedImages = 128
  /// Images that layers are solved on.
  private static let solvedImages = 1024

  /// The model that `strategy` makes, corrected.
  /// - Throws: `PatternError` or `EngineError`.
  func prune(_ strategy: Strategy, _ correction: Correction) throws -> PrunedModel {
    switch correction {
    case .none: try space.apply(strategy, to: model)
    case .matched: try matched(prune(strategy, .none))
    case .reconstructed: try variants().apply(strategy)
    case .both: try matched(prune(strategy, .reconstructed))
    case .resolved: try matched(resolved(prune(strategy, .reconstructed)))
    }
  }

  private func matched(_ pruned: PrunedModel) throws -> PrunedModel {
    let matching = try matching.value {
      try StatisticsMatching(
        model, calibration: Calibration(images, images: Self.matchedImages))
    }
    return pruned.replacing(try matching.matched(pruned).model)
  }

  /// How far the outputs of what `strategy` makes are from the dense model's on the calibration images of
  /// `matching`: the squared error over the variance of the dense outputs.
  func outputError(
    of strategy: Strategy, _ correction: Correction, matching: StatisticsMatching
  ) throws -> Double {
    let isReconstructed = correction != .matched
    return try matching.matched(prune(strategy, isReconstructed ? .reconstructed : .none))
      .outputError
  }

  private func variants() throws -> VariantBank {
    try bank.value {
      let reconstruction = try Reconstruction(
        model, calibration: Calibration(images, images: Self.solvedImages), threads: threads)
      guard let reconstruction else { throw SearchError("the reconstruction was cancelled") }
      return VariantBank(onDemand: space, reconstruction)
    }
  }

  private func resolved(_ pruned: PrunedModel) throws -> PrunedModel {
    let resolution = try resolution.value {
      try SequentialReconstruction(
        model, calibration: Calibration(images, images: Self.solvedImages), threads: threads)
    }
    return try resolution.resolved(pruned) ?? pruned
  }
}

/// A value that is made when it is first wanted, once.
private final class Deferred<Value: Sendable>: Sendable {
  private let known = Mutex<Value?>(nil)

  func value(_ make: () throws -> Value) throws -> Value {
    try known.withLock { known in
      if let known { return known }
      let made = try make()
      known = made
      return made
    }
  }
}
