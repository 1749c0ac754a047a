internal import Engine
internal import Formats
internal import Metrics
public import Patterns
internal import Pruning

/// The best strategy that a method found with as many looks as the others.
public struct MethodResult: Sendable, Codable {
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
  public struct Point: Sendable, Codable {
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
  /// The names of the agent with a part left out, as methods that can be compared with it.
  public static let ablations = AgentPart.allCases.map(\.method)

  /// The shares of the budget after which the best is measured on unseen images.
  private static let points = [0.125, 0.25, 0.5, 1]

  /// Lets methods search until each has looked at as many images: each with as many seeds, dealt out over the ranks.
  ///
  /// - Parameters:
  ///   - methods: some of `methods` and `ablations`.
  ///   - seeds: searches of each, with seeds from that of the settings on.
  ///   - evaluations: looks at all images of the search, or as many images in looks at fewer.
  ///   - progress: called with the method under way on this rank and the evaluations it has made.
  ///   - tell: called with the result of each search as it is there, seed by seed.
  public func compare(
    _ methods: [String] = Workbench.methods, _ settings: SearchSettings, seeds: Int = 1,
    sensitivity: Sensitivity, latencies: Latencies?, evaluations: Int,
    progress: (String, Int) -> Void, tell: (MethodResult) -> Void
  ) throws {
    let pieces = (0..<UInt64(seeds)).flatMap { seed in
      var settings = settings
      settings.seed &+= seed
      return methods.map {
        MethodPiece(
          method: $0, settings: settings, sensitivity: sensitivity, latencies: latencies,
          evaluations: evaluations)
      }
    }
    _ = try outcomes(
      of: pieces,
      own: { piece in
        .init(result: try result(of: piece) { progress(piece.method, $0) })
      },
      tell: { if let result = $0.result { tell(result) } })
  }

  /// The best strategies that a method finds; nil if it finds none.
  ///
  /// - Parameter progress: called with the evaluations it has made.
  func result(of piece: MethodPiece, progress: (Int) -> Void) throws -> MethodResult? {
    let start = ContinuousClock.now
    let found = try steps(of: piece, progress: progress)
    let seconds = (ContinuousClock.now - start).seconds
    let images = min(piece.settings.images, evaluator.dataset.count)
    var points: [MethodResult.Point] = []
    for share in Self.points {
      let known = found.filter {
        Double($0.images) <= share * Double(piece.evaluations * images)
      }
      guard let best = known.map(\.step).max(by: { $0.score < $1.score }), let last = known.last
      else { continue }
      points.append(.init(images: last.images, best: try onUnseen(best, images, points)))
    }
    guard !points.isEmpty else { return nil }
    var result = MethodResult(
      method: piece.method, seed: piece.settings.seed, evaluations: found.count, points: points,
      seconds: seconds)
    if calibration != nil, method.correction != .resolved {
      result.resolved = try onUnseen(
        CompiledStrategy(prune(result.best.strategy, .resolved)).program, images,
        cost: result.best.measurement.cost)
    }
    return result
  }

  /// The strategies that a method measures on all images of the search, in order, with the images that had been looked
  /// at when each was known.
  private func steps(
    of piece: MethodPiece, progress: (Int) -> Void
  ) throws -> [(images: Int, step: SearchStep)] {
    let images = min(piece.settings.images, evaluator.dataset.count)
    var found: [(images: Int, step: SearchStep)] = []
    if let baseline = Baseline(rawValue: piece.method) {
      _ = try baseline.run(
        self, settings: piece.settings, sensitivity: piece.sensitivity,
        latencies: piece.latencies, images: piece.evaluations * images
      ) { step, spent in
        found.append((spent, step))
        progress(spent / images)
      }
      return found
    }
    var searcher = try Searcher(
      self, settings: piece.settings, sensitivity: piece.sensitivity, latencies: piece.latencies,
      without: AgentPart.allCases.first { $0.method == piece.method })
    while searcher.imagesSpent + images <= piece.evaluations * images,
      let outcome = try searcher.step()
    {
      switch outcome {
      case .step(let step): found.append((searcher.imagesSpent, step))
      case .episode(let episode):
        found += episode.steps.suffix(1).map { (searcher.imagesSpent, $0) }
      }
      progress(searcher.imagesSpent / images)
    }
    return found
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
