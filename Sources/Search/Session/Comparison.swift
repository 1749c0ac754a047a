public import Patterns

/// The best strategy that a method found, and how many it measured for that.
public struct MethodResult: Sendable {
  /// `agent`, or the name of a baseline.
  public var method: String
  /// Strategies measured.
  public var evaluations: Int
  /// The best of them, measured on every image.
  public var best: SearchStep
}

extension Workbench {
  /// Lets every baseline and the agent search with equally many evaluations.
  ///
  /// - Parameters:
  ///   - progress: called with the method under way and the evaluations it has made.
  ///   - tell: called with the result of each method as it is there.
  public func compare(
    _ settings: SearchSettings, sensitivity: Sensitivity, latencies: LatencyTable?,
    evaluations: Int, progress: (String, Int) -> Void, tell: (MethodResult) -> Void
  ) throws {
    func report(_ method: String, _ steps: [SearchStep]) throws {
      guard let best = try best(of: steps) else { return }
      tell(MethodResult(method: method, evaluations: steps.count, best: best))
    }
    for baseline in Baseline.allCases {
      let steps = try baseline.run(
        self, settings: settings, sensitivity: sensitivity, latencies: latencies,
        evaluations: evaluations
      ) { progress(baseline.rawValue, $0) }
      try report(baseline.rawValue, steps)
    }
    var searcher = try Searcher(
      self, settings: settings, sensitivity: sensitivity, latencies: latencies)
    var steps: [SearchStep] = []
    while steps.count < evaluations, try searcher.step() != nil {
      steps = searcher.episodes.flatMap(\.steps) + searcher.steps
      progress("agent", steps.count)
    }
    try report("agent", steps)
  }
}
