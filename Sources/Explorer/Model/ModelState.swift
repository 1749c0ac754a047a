internal import Metrics
internal import ModelGraph
package import Patterns
package import Search

/// The model, and what was learned of it.
package struct ModelState: Sendable {
  /// The model's name.
  package let name: String
  /// Its file's name without folder and extension, for the names of other files.
  package let fileName: String
  /// The decisions that can be taken.
  package let space: PruningSpace
  /// The graph as rows.
  package let outline: Outline
  /// The strategy that prunes nothing.
  package let dense: Strategy
  /// SHA-256 of the model's files; nil until they are read, and for a model without weights.
  package var digest: String?
  /// Validation images in all; 0 until they are read.
  package var imageCount = 0
  /// The statistics of the weights.
  package var weights: WeightStatistics?
  /// The expected loss of each choice, once it was measured.
  package var sensitivity: Sensitivity?
  /// The time that each choice saves, once it was measured.
  package var latencies: LatencyTable?
  /// The dense model's accuracy.
  package var baseline = Baseline()
  /// The masks of strategies shown lately, by their choices.
  package private(set) var masks: [[Pattern]: MaskSummary] = [:]
  /// Stored runs of this model with at least an episode, newest first.
  package var storedRuns: [RunFolder.Summary] = []

  /// Masks of this many strategies are kept.
  private static let maskLimit = 256

  /// A model of which nothing but its structure is known.
  package init(name: String, fileName: String, space: PruningSpace) {
    self.name = name
    self.fileName = fileName
    self.space = space
    outline = Outline(space.graph)
    dense = Strategy(denseFor: space)
  }

  /// Keeps the masks of a strategy.
  mutating func take(_ summary: MaskSummary) {
    if masks.count >= Self.maskLimit { masks = [:] }
    masks[summary.choices] = summary
  }

  /// Whether an accuracy rests on every validation image.
  package func isComplete(_ measurement: Measurement) -> Bool {
    imageCount > 0 && measurement.accuracy.images >= imageCount
  }
}
