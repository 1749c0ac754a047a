internal import Engine
internal import Formats
internal import Patterns
internal import Search

/// The best strategy that a method found.
struct SearchOutcome: Encodable {
  var method: String
  var evaluations: Int
  var accuracy: Double
  var correct: Int
  var images: Int
  var macs: Int
  var parameters: Int
  var macsKept: Double
  /// What is to be done to the pruned model for that accuracy.
  var correction: Correction?
  /// The predicted time of an image, as a share of the dense model's; nil if choices were not timed.
  var latency: Double?
  /// The same as it was measured at the end, in turn with the dense model.
  var measuredLatency: Timings?

  init(method: String, evaluations: Int, _ best: SearchStep, of dense: Cost) {
    self.method = method
    self.evaluations = evaluations
    accuracy = best.measurement.accuracy.fraction
    correct = best.measurement.accuracy.correct
    images = best.measurement.accuracy.images
    macs = best.measurement.cost.macs
    parameters = best.measurement.cost.parameters
    macsKept = macs.share(of: dense.macs)
    latency = best.latency
  }

  var line: String {
    "\(method.padded(to: 8)) \(evaluations) evaluations: \(accuracy.percent) of \(images) images"
      + "\(correction == .resolved ? ", resolved" : ""), "
      + "\(macs.grouped) MACs (\(macsKept.percent)), \(parameters.grouped) parameters"
      + (latency.map { ", \($0.percent) of the latency predicted" } ?? "")
      + (measuredLatency.map { ", \($0.median.percent) measured" } ?? "")
  }
}

extension Workbench {
  /// A search until so many steps were taken, with progress.
  func searched(
    _ settings: SearchSettings, evaluations: Int, recording: SearchWorker.Recording = .none,
    latencies: LatencyTable? = nil, sensitivity: Sensitivity? = nil
  ) throws -> RecordedSearch {
    let line = ProgressLine()
    defer { line.clear() }
    var search = try RecordedSearch(
      self, settings: settings, recording: recording, latencies: latencies
    ) {
      try sensitivity ?? measuredSensitivity()
    }
    while search.steps.count < evaluations, try search.step() != nil {
      let best = search.searcher.episodes.map(\.score).max()
      line.show(
        "episode \(search.searcher.episodeNumber), step \(search.steps.count) of \(evaluations)"
          + (best.map { ", best score \($0.percent)" } ?? ""))
    }
    return search
  }

  /// What each choice does to the time of an image, with progress; nil if the target is not of that.
  func measuredLatencies(for target: Target) throws -> LatencyTable? {
    target.resource == .latency ? try file.measuredLatencies(in: space) : nil
  }

  /// How much each choice hurts, with progress.
  func measuredSensitivity() throws -> Sensitivity {
    let line = ProgressLine()
    defer { line.clear() }
    let sensitivity = try cachedSensitivity { done, count in
      line.show("sensitivity: choice \(done) of \(count)")
    }
    guard let sensitivity else { preconditionFailure("nobody cancels it") }
    return sensitivity
  }

  /// The best of the five most promising steps, each measured on all images of the split.
  func best(of steps: [SearchStep]) throws -> SearchStep {
    var seen: Set<Strategy> = []
    let promising = steps.sorted { $0.score > $1.score }.filter {
      seen.insert($0.strategy).inserted
    }.prefix(5)
    var best: SearchStep?
    for var step in promising {
      let found = best?.measurement.accuracy.fraction
      if step.measurement.accuracy.images < evaluator.dataset.count,
        let measurement = try measure(step.strategy, race: found.map { Race(against: $0) })
      {
        step.measurement = measurement
      }
      // One that could not win any more was not measured to the end.
      let isWhole = step.measurement.accuracy.images == evaluator.dataset.count
      if found.map({ isWhole && step.measurement.accuracy.fraction > $0 }) ?? true { best = step }
    }
    guard let best else { preconditionFailure("a search evaluates at least one strategy") }
    return best
  }
}

extension ModelFile {
  /// What each choice does to the time of an image, with progress.
  func measuredLatencies(in space: PruningSpace) throws -> LatencyTable {
    let line = ProgressLine()
    defer { line.clear() }
    let table = try LatencyTable.cached(
      model, digest: digest, space, progress: { line.show("latency: choice \($0) of \($1)") })
    guard let table else { preconditionFailure("nobody cancels it") }
    return table
  }
}
