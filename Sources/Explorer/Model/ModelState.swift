package import Formats
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
  /// The images that the model itself names, as text.
  package var ownImages: [Split: String] = [:]
  /// What was chosen in place of what the model says.
  package var data = DataChoice()
  /// The statistics of the weights.
  package var weights: WeightStatistics?
  /// For each node whose outputs were looked at, on a few images, their histogram.
  package var outputs: [Int: Histogram] = [:]
  /// The expected loss of each choice, once it was measured.
  package var sensitivity: Sensitivity?
  /// The time that each choice saves, once it was measured.
  package var latencies: Latencies?
  /// The dense model's accuracy.
  package var baseline = Baseline()
  /// The masks of strategies shown lately, by their choices.
  package private(set) var masks: [[Pattern]: MaskSummary] = [:]
  /// The masks that each pattern became last at each node.
  private var latestMasks: [Int: [Pattern: [MaskSummary.Entry]]] = [:]
  /// Stored runs with something to go on with, those of this model first, newest first.
  package var storedRuns: [RunOutcome] = []
  /// The path of the run on the screen.
  package var runPath = ""

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

  /// Takes the images that a file names as those that are taken unless others are chosen.
  mutating func show(imagesOf file: ModelFile) {
    ownImages = file.data.compactMapValues(\.paths.first)
  }

  /// Forgets everything that rests on images.
  mutating func forgetMeasurements() {
    (baseline, sensitivity) = (Baseline(), nil)
    (masks, latestMasks, outputs) = ([:], [:], [:])
  }

  /// Keeps the masks of a strategy.
  mutating func take(_ summary: MaskSummary) {
    if masks.count >= Self.maskLimit { masks = [:] }
    masks[summary.choices] = summary
    for (node, entries) in summary.masks {
      guard let unit = space.weightUnit[node] else { continue }
      latestMasks[node, default: [:]][summary.choices[unit]] = entries
    }
  }

  /// The masks of a node, most frequent first. While those of the strategy are being counted, they are those of
  /// the last one that had the same pattern there.
  package func masks(ofNode node: Int, _ strategy: Strategy) -> [MaskSummary.Entry] {
    if let known = masks[strategy.choices] { return known.masks[node] ?? [] }
    return space.weightUnit[node].flatMap { latestMasks[node]?[strategy.choices[$0]] } ?? []
  }

  /// Whether an accuracy rests on every validation image.
  package func isComplete(_ measurement: Measurement) -> Bool {
    imageCount > 0 && measurement.accuracy.images >= imageCount
  }
}
