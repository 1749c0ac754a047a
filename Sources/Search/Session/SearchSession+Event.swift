public import Patterns

extension SearchSession {
  /// News for whoever shows the session.
  public enum Event: Sendable {
    /// Weights and images are read.
    case loaded(Workbench)
    /// The model cannot be evaluated: why, in one line. Its structure can still be shown.
    case loadingFailed(String)
    /// A stored run is gone on with.
    case resumed(StoredRun)
    /// What has come to a run that another program writes: the later episodes, and all else as it is now.
    case followed(StoredRun)
    /// A stored run cannot be gone on with: why, in one line. Another one begins.
    case notResumed(String)
    /// What was to be kept beside the search is not: why, in one line.
    case notKept(String)
    /// The dense model's accuracy so far.
    case baseline(Measurement, isFinal: Bool)
    /// Choices that were timed so far, and how many there are.
    case timing(done: Int, of: Int)
    /// Choices cannot be timed: why, in one line.
    case timingFailed(String)
    /// The time of every choice, on this machine or on others.
    case latencies(Latencies)
    /// Choices whose loss was measured so far, and how many there are; the search begins after the last.
    case measuringSensitivity(done: Int, of: Int)
    /// The expected loss of every choice.
    case sensitivity(Sensitivity)
    /// Images that the search has looked at, each as often as a strategy was judged on it; those of a stored run are
    /// not counted.
    case looked(images: Int)
    /// The search took a step.
    case step(SearchStep)
    /// An episode ended. `multiplier` is the weight of an excess in the next one.
    case episode(Episode, multiplier: Double)
    /// A promising strategy was measured on every image, or until it could not win any more.
    case finalist(SearchStep, done: Int, of: Int)
    /// The layers of a strategy are being solved again.
    case resolving
    /// A strategy is ready to be written.
    case result(SearchResult)
    /// The planner's strategy for a target was looked at; so many targets are left.
    case swept(Target, SearchStep, left: Int)
    /// The time of one image of a strategy beside the dense model's, measured.
    case timed(Strategy, LatencyComparison)
    /// The best strategy so far is in this file.
    case written(path: String)
    /// The accuracy so far of a strategy that was asked for.
    case measured(Strategy, Measurement, isFinal: Bool)
    /// Whether the search is under way.
    case searching(Bool)
    /// The work under way failed: why, in one line.
    case failed(String)
  }
}
