public import Formats
public import Metrics
public import ModelGraph
public import Patterns
public import Pruning

/// What is to be said of a pruned model, to be read and checked by others: as Markdown, as a page, or as data that
/// lie over its graph in Model Explorer.
///
/// Everything but the strategy may be left out; then it is not spoken of.
public struct StrategyReport: Sendable {
  let file: StrategyFile
  let space: PruningSpace
  /// The dense model's accuracy beside the pruned one's, split by split.
  public var accuracies: [SplitAccuracy]
  /// What training the pruned model on came to.
  public var fineTuned: FineTuned?
  /// How many times faster one image is predicted to be.
  public var speedup: Double?
  /// How far each choice alone moves the logits.
  public var losses: Sensitivity?
  /// The episodes of the search.
  public var episodes: [Episode]
  /// The time of an image, pruned and dense, in each engine that was found.
  public var latencies: [LatencyComparison]
  /// The masks of each node's filters.
  public var masks: [Int: [TapMask]]
  /// Where it was measured.
  public var machine: Machine?

  /// Accuracy on one split.
  public struct SplitAccuracy: Sendable {
    /// The split.
    public var split: Split
    /// Nil if it was not measured.
    public var dense: Accuracy?
    /// Nil if it was not measured.
    public var pruned: Accuracy?

    /// The accuracy of both models on a split.
    public init(_ split: Split, dense: Accuracy?, pruned: Accuracy?) {
      self.split = split
      self.dense = dense
      self.pruned = pruned
    }
  }

  /// A report of a strategy.
  ///
  /// - Parameters:
  ///   - dense: the dense model's validation accuracy.
  ///   - fineTuned: what training the pruned model on came to.
  ///   - speedup: how many times faster one image is predicted to be.
  ///   - losses: how far each choice alone moves the logits.
  ///   - episodes: played by the search.
  public init(
    _ file: StrategyFile, in space: PruningSpace, dense: Accuracy? = nil,
    fineTuned: FineTuned? = nil, speedup: Double? = nil, losses: Sensitivity? = nil,
    episodes: [Episode] = []
  ) {
    self.file = file
    self.space = space
    accuracies = [SplitAccuracy(.validation, dense: dense, pruned: file.metrics?.validation)]
    self.fineTuned = fineTuned
    self.speedup = speedup
    self.losses = losses
    self.episodes = episodes
    latencies = []
    masks = [:]
  }

  /// Adds the search that found it, which was kept in a file.
  /// - Throws: `SearchError` if the file is no run, or of another model.
  public mutating func tell(ofRun path: String, of model: ModelFile) throws(SearchError) {
    let (state, episodes) = try RunFile.open(path, for: model).contents()
    self.episodes = episodes
    // A run that chose from other menus says nothing of these.
    if let state, state.sensitivity.losses.fits(space) { losses = state.sensitivity }
  }

  /// Adds the masks of the pruned model, which was made on this machine.
  public mutating func note(_ pruned: PrunedModel) {
    masks = pruned.masks
    machine = .here
  }

  /// With the masks that the model's weights lead to.
  package func withMasks(from workbench: Workbench) throws -> StrategyReport {
    var report = self
    let correction = file.method?.correction ?? workbench.method.correction
    report.note(try workbench.prune(file.strategy, correction))
    return report
  }

  // MARK: What both forms say

  /// The costs of the dense and of the pruned model.
  var costs: (dense: Cost, pruned: Cost) { (space.denseCost, space.cost(of: file.strategy)) }

  /// The choice of one unit, as a table has it.
  struct Choice {
    let unit: String
    let pattern: String
    let kept: (kept: Int, of: Int)
    let macs: (dense: Int, pruned: Int)
    let loss: Double?
    let isPinned: Bool
  }

  /// The choices of all units.
  var choices: [Choice] {
    let all = Strategy(denseFor: space)
    return space.units.enumerated().map { index, unit in
      let pattern = file.strategy.choices[index]
      let place = unit.menu.firstIndex(of: pattern)
      return Choice(
        unit: unit.name, pattern: pattern.name, kept: space.kept(pattern, of: index),
        macs: (
          space.macs(of: all, nodesOf: index), space.macs(of: file.strategy, nodesOf: index)
        ),
        loss: place.flatMap { place in losses.map { Double($0.losses[unit: index, choice: place]) }
        },
        isPinned: file.strategy.pins[index])
    }
  }

  /// How the strategy was found, in sentences.
  var origin: String {
    var text = ""
    if let target = file.target {
      text += "The target was \(Self.percent(target.share)) of the \(target.resource.name)"
      text += file.seed.map { ", the seed \($0)" } ?? ""
      text += ". "
    }
    let steps = episodes.reduce(0) { $0 + $1.steps.count }
    text +=
      episodes.isEmpty
      ? "No search was run. "
      : "The search had played \(episodes.count) episodes of \(steps) steps in all. "
    let pins = file.strategy.pins.count { $0 }
    return text + "\(pins) of \(space.units.count) choices were pinned by hand."
  }

  /// A share in percent.
  static func percent(_ share: Double, places: Int = 1) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    return "\((share * 100 * scale).rounded() / scale) %"
  }

  /// So much of a whole in percent.
  static func percent(_ kept: Int, of all: Int) -> String {
    percent(Double(kept) / Double(max(all, 1)))
  }
}
