package import Patterns
package import Search
package import TerminalKit

/// What can happen.
package enum Message: Hashable, Sendable {
  // MARK: From the user

  /// A key was pressed.
  case key(Key)
  /// The mouse was used.
  case mouse(MouseEvent)
  /// Text was pasted.
  case paste(String)
  /// The screen has another size.
  case resize(Size)

  // MARK: From the worker

  /// Weights and images are there.
  case loaded(digest: String?, images: Int)
  /// The model cannot be evaluated: why.
  case loadingFailed(String)
  /// What the weights say.
  case analysed(ModelAnalysis)
  /// The masks of a strategy.
  case summarized(MaskSummary)
  /// The dense model's accuracy so far.
  case baseline(Measurement, isFinal: Bool)
  /// Choices whose harm was measured so far, and how many there are.
  case analysing(done: Int, of: Int)
  /// How far each choice moves the logits.
  case sensitivity(Sensitivity)
  /// Choices that were timed so far, and how many there are.
  case timing(done: Int, of: Int)
  /// What each choice does to the time of an image.
  case latencies(LatencyTable)
  /// Choices cannot be timed: why, in one line.
  case timingFailed(String)
  /// Stored runs of this model.
  case storedRuns([RunFolder.Summary])
  /// A stored run is gone on with: its settings; its episodes follow.
  case resumed(SearchSettings)
  /// A strategy's accuracy so far.
  case measured(Strategy, Measurement, isFinal: Bool)
  /// The search took a step.
  case step(SearchStep)
  /// An episode ended.
  case episode(Episode, multiplier: Double)
  /// Whether a search is under way.
  case searching(Bool)
  /// The worker gave up: why.
  case workFailed(String)

  /// What fine-tuning has to tell.
  case fineTuning(FineTuneWorker.Event)

  // MARK: What became of effects

  /// There is a file where the strategy should go.
  case exportExists(String)
  /// The strategy was written.
  case exported(String)
  /// It was not: why.
  case exportFailed(String)
  /// Something else failed: why.
  case failed(String)
}
