internal import Engine
internal import Formats
internal import Metrics
public import Patterns
internal import Pruning

/// The best strategy that a method found with as many looks as the others.
public struct MethodResult: Sendable {
  /// `agent`, or the name of a baseline.
  public var method: String
  /// Of everything random in it.
  public var seed: UInt64
  /// Strategies that were measured on all images of the search.
  public var evaluations: Int
  /// The best at some points of the budget, in order, measured on the images of the split that no search saw; on those
  /// of the search if these are all.
  public var points: [Point]
  /// The last of them with its layers solved again, as a search exports it; nil without calibration images.
  public var resolved: Measurement?
  /// Seconds that the search took, without what is measured on unseen images.
  public var seconds: Double

  /// What a method had found when it had looked at so many images.
  public struct Point: Sendable {
    /// Looked at, over all strategies.
    public var images: Int
    /// The best by the images of the search, measured on others.
    public var best: SearchStep
  }

  /// The best in the end.
  public var best: SearchStep { points[points.count - 1].best }
}

extension Workbench {
  /// The names of the methods that can be compared: the baselines, and the agent.
  public static let methods = Baseline.allCases.map(\.rawValue) + ["agent"]

  /// The shares of the budget after which the best is measured on unseen images.
  private static let points = [0.125, 0.25, 0.5, 1]

  /// Lets methods search until each has looked at as many images.
  ///
  /// - Parameters:
  ///   - methods: some of `methods`.
  ///   - evaluations: looks at all images of the search, or as many images in looks at fewer.
  ///   - progress: called with the method under way and the evaluations it has made.
  ///   - tell: called with the result of each method as it is there.
  public func compare(
    _ methods: [String] = Workbench.methods, _ settings: SearchSettings, sensitivity: Sensitivity,
    latencies: Latencies?, evaluations: Int, progress: (String, Int) -> Void,
    tell: (MethodResult) -> Void
  ) throws {
    let images = min(settings.images, evaluator.dataset.count)
    for method in methods {
      let clock = ContinuousClock()
      let start = clock.now
      /// The steps with the images that were looked at when they were known.
      var found: [(images: Int, step: SearchStep)] = []
      if let baseline = Baseline(rawValue: method) {
        _ = try baseline.run(
          self, settings: settings, sensitivity: sensitivity, latencies: latencies,
          images: evaluations * images
        ) { step, spent in
          found.append((spent, step))
          progress(method, spent / images)
        }
      } else {
        var searcher = try Searcher(
          self, settings: settings, sensitivity: sensitivity, latencies: latencies)
        while searcher.imagesSpent + images <= evaluations * images,
          let outcome = try searcher.step()
        {
          switch outcome {
          case .step(let step): found.append((searcher.imagesSpent, step))
          case .episode(let episode):
            found += episode.steps.suffix(1).map { (searcher.imagesSpent, $0) }
          }
          progress(method, searcher.imagesSpent / images)
        }
      }
      let seconds = (clock.now - start).seconds
      guard !found.isEmpty else { continue }
      var points: [MethodResult.Point] = []
      for share in Self.points {
        let known = found.filter { Double($0.images) <= share * Double(evaluations * images) }
        guard let best = known.map(\.step).max(by: { $0.score < $1.score }),
          let last = known.last
        else { continue }
        points.append(.init(images: last.images, best: try onUnseen(best, images, points)))
      }
      guard !points.isEmpty else { continue }
      var result = MethodResult(
        method: method, seed: settings.seed, evaluations: found.count, points: points,
        seconds: seconds)
      if calibration != nil, self.method.correction != .resolved {
        result.resolved = try onUnseen(
          CompiledStrategy(prune(result.best.strategy, .resolved)).program, images,
          cost: result.best.measurement.cost)
      }
      tell(result)
    }
  }

  /// A step measured on the images after the first `images`.
  private func onUnseen(
    _ step: SearchStep, _ images: Int, _ known: [MethodResult.Point]
  ) throws -> SearchStep {
    if let same = known.last?.best, same.strategy == step.strategy { return same }
    var step = step
    let cost = step.measurement.cost
    step.measurement =
      try onUnseen(compiled(step.strategy).program, images, cost: cost) ?? step.measurement
    return step
  }

  private func onUnseen(_ program: Program, _ images: Int, cost: Cost) throws -> Measurement? {
    guard images < evaluator.dataset.count else { return nil }
    return try look(at: program, on: [images..<evaluator.dataset.count])
      .map { Look($0).measurement(cost: cost) }
  }
}
