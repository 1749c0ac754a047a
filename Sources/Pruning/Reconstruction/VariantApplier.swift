internal import ModelGraph
public import Patterns

/// Makes the pruned, reconstructed model of a strategy from variants of its layers (compare SPDY, arXiv
/// 2201.09871): those that are known cost next to nothing.
public struct VariantApplier: Sendable {
  /// The decisions.
  public let space: PruningSpace
  /// The reconstruction that variants are solved by.
  public let reconstruction: Reconstruction
  /// The variants that are known.
  public let cache: VariantCache
  private let importance: VariantImportance

  /// An applier that takes what is known from a cache and puts into it what it works out.
  public init(
    _ space: PruningSpace, _ reconstruction: Reconstruction, cache: VariantCache = VariantCache()
  ) {
    self.space = space
    self.reconstruction = reconstruction
    self.cache = cache
    importance = VariantImportance(space, reconstruction, cache)
  }

  /// The model that a strategy makes, reconstructed.
  ///
  /// - Throws: `PatternError` if a choice is not legal for its unit.
  public func apply(_ strategy: Strategy) throws(PatternError) -> PrunedModel {
    try space.apply(strategy, to: reconstruction.model, by: importance) { node, pattern, left in
      importance.variant(pattern, ofNode: node, left)?
        .keeping(pattern == .dense ? left.keptFilters : nil)
    }
  }
}
