internal import Engine
internal import Formats
public import Patterns

/// The best strategy that a method found with as many looks as the others.
public struct MethodResult: Sendable {
  /// `agent`, or the name of a baseline.
  public var method: String
  /// Of everything random in it.
  public var seed: UInt64
  /// Strategies that were measured on all images of the search.
  public var evaluations: Int
  /// The best of them, measured on the images of the split that no search saw; on those of the search if these are all.
  public var best: SearchStep
}

extension Workbench {
  /// The names of the methods that can be compared: the baselines, and the agent.
  public static let methods = Baseline.allCases.map(\.rawValue) + ["agent"]

  /// Lets methods search until each has looked at as many images.
  ///
  /// - Parameters:
  ///   - methods: some of `methods`.
  ///   - evaluations: looks at all images of the search, or as many images in looks at fewer.
  ///   - progress: called with the method under way and the evaluations it has made.
  ///   - tell: called with the result of each method as it is there.
  public func compare(
    _ methods: [String] = Workbench.methods, _ settings: SearchSettings, sensitivity: Sensitivity,
    latencies: LatencyTable?, evaluations: Int, progress: (String, Int) -> Void,
    tell: (MethodResult) -> Void
  ) throws {
    let images = min(settings.images, evaluator.dataset.count)
    let unseen = images..<evaluator.dataset.count
    for method in methods {
      let steps: [SearchStep]
      if let baseline = Baseline(rawValue: method) {
        steps = try baseline.run(
          self, settings: settings, sensitivity: sensitivity, latencies: latencies,
          images: evaluations * images
        ) { progress(method, $0 / images) }
      } else {
        var searcher = try Searcher(
          self, settings: settings, sensitivity: sensitivity, latencies: latencies)
        while searcher.imagesSpent + images <= evaluations * images, try searcher.step() != nil {
          progress(method, searcher.imagesSpent / images)
        }
        steps = searcher.episodes.flatMap(\.steps) + searcher.steps
      }
      guard var best = steps.max(by: { $0.score < $1.score }) else { continue }
      if !unseen.isEmpty, let looks = try look(at: best.strategy, on: [unseen]) {
        best.measurement = Look(looks).measurement(cost: best.measurement.cost)
      }
      tell(
        MethodResult(
          method: method, seed: settings.seed, evaluations: steps.count, best: best))
    }
  }
}
