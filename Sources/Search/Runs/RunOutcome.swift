internal import Metrics
public import Patterns

/// What a stored run came to.
public struct RunOutcome: Hashable, Sendable {
  /// The run.
  public var summary: RunFolder.Summary
  /// The target that it aims at; nil before the search has begun.
  public var target: Target?
  /// How many units are pinned.
  public var pins: Int
  /// The best step for that target, measured on the images of the search.
  public var best: SearchStep?
  /// The most accurate of the models that were fine-tuned in it.
  public var fineTuned: FineTuned?

  /// An outcome that is known.
  public init(
    _ summary: RunFolder.Summary, target: Target? = nil, pins: Int = 0, best: SearchStep? = nil,
    fineTuned: FineTuned? = nil
  ) {
    self.summary = summary
    self.target = target
    self.pins = pins
    self.best = best
    self.fineTuned = fineTuned
  }

  /// What a run came to by its file; no more than its summary if that cannot be read.
  public init(of summary: RunFolder.Summary) {
    self.init(summary)
    fineTuned = FineTunedFolder.results(ofRun: summary.path)
      .max { $0.after.fraction < $1.after.fraction }
    guard let (state, episodes) = try? RunConnection(summary.path).contents(), let state else {
      return
    }
    pins = state.pins.pins.count { $0 }
    target = state.settings.target
    best = episodes.filter { $0.target == state.settings.target }.map(\.best)
      .max { $0.score < $1.score }
  }
}
