internal import ArgumentParser
internal import Engine
internal import Formats
internal import ModelGraph
internal import Patterns
internal import Search

/// What a search can be told.
struct SearchOptions: ParsableArguments {
  @Option(help: "The share of the MACs to keep.")
  var target = 0.5

  @Option(help: "Validation images that judge a step; the best are measured on all.")
  var images = 1000

  @Option(help: "Steps of an episode.")
  var steps = 4

  func validate() throws {
    guard target > 0, target <= 1 else {
      throw ValidationError("--target is a share above 0 and at most 1, not \(target)")
    }
    guard images > 0, steps > 0 else {
      throw ValidationError("--images and --steps must be at least 1")
    }
  }

  func settings(seed: UInt64) -> SearchSettings {
    var settings = SearchSettings()
    settings.target = target
    settings.seed = seed
    settings.images = images
    settings.stepsPerEpisode = steps
    return settings
  }
}

/// `sculpt search`: lets the agent look for the best strategy.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Searches for the best strategy at a target of MACs.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var search: SearchOptions

  @Option(help: "Episodes to play.")
  var episodes = 50

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write the best one here.", valueName: "strategy.json"))
  var output: String?

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @Option(help: ArgumentHelp("Keep the run in this new file.", valueName: "run.sqlite"))
  var record: String?

  @Option(help: ArgumentHelp("Go on with this run, up to --episodes.", valueName: "run.sqlite"))
  var resume: String?

  func validate() throws {
    if record != nil, resume != nil {
      throw ValidationError("--record begins a run, --resume goes on with one: give one of them")
    }
    if episodes < 1 { throw ValidationError("--episodes must be at least 1") }
  }

  func run() throws {
    let workbench = try common.workbench()
    if let output, !force { try AtomicFile.refuseExisting(output) }
    let settings = search.settings(seed: common.seed)
    let recording: SearchWorker.Recording =
      resume.map { .resume(path: $0) } ?? record.map { .new(path: $0) } ?? .none
    let steps = try workbench.searched(
      settings, evaluations: episodes * settings.stepsPerEpisode, recording: recording)
    let best = try workbench.best(of: steps)
    let file = StrategyFile(
      model: workbench.model.name, digest: workbench.file.digest, target: settings.target,
      seed: settings.seed,
      metrics: .init(best.measurement.cost, validation: best.measurement.accuracy),
      strategy: best.strategy)
    if let output { try file.write(to: output, for: workbench.space, replacing: force) }
    let result = Outcome(
      method: "agent", evaluations: steps.count, best, of: workbench.space.denseCost)
    if common.json { try printJSON(result) } else { print(result.line) }
  }
}

/// `sculpt compare`: the agent beside its baselines, with equally many evaluations.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares the agent with uniform and random strategies at equal evaluations.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var search: SearchOptions

  @Option(help: "Strategies that each method may evaluate.")
  var evaluations = 200

  func validate() throws {
    if evaluations < 1 { throw ValidationError("--evaluations must be at least 1") }
  }

  func run() throws {
    let workbench = try common.workbench()
    let settings = search.settings(seed: common.seed)
    let dense = workbench.space.denseCost
    var outcomes: [Outcome] = []
    let line = ProgressLine()
    let sensitivity = try workbench.measuredSensitivity()
    for baseline in Baseline.allCases {
      let steps = try baseline.run(
        workbench, settings: settings, sensitivity: sensitivity, evaluations: evaluations
      ) {
        line.show("\(baseline.rawValue) \($0) of \(evaluations)")
      }
      line.clear()
      guard !steps.isEmpty else { continue }
      outcomes.append(
        Outcome(
          method: baseline.rawValue, evaluations: steps.count, try workbench.best(of: steps),
          of: dense))
      if !common.json { print(outcomes[outcomes.count - 1].line) }
    }
    let steps = try workbench.searched(
      settings, evaluations: evaluations, sensitivity: sensitivity)
    outcomes.append(
      Outcome(
        method: "agent", evaluations: steps.count, try workbench.best(of: steps), of: dense))
    if common.json { try printJSON(outcomes) } else { print(outcomes[outcomes.count - 1].line) }
  }
}

/// The best strategy that a method found.
private struct Outcome: Encodable {
  var method: String
  var evaluations: Int
  var accuracy: Double
  var correct: Int
  var images: Int
  var macs: Int
  var parameters: Int
  var macsKept: Double

  init(method: String, evaluations: Int, _ best: SearchStep, of dense: Cost) {
    self.method = method
    self.evaluations = evaluations
    accuracy = best.measurement.accuracy.fraction
    correct = best.measurement.accuracy.correct
    images = best.measurement.accuracy.images
    macs = best.measurement.cost.macs
    parameters = best.measurement.cost.parameters
    macsKept = Double(macs) / Double(dense.macs)
  }

  var line: String {
    "\(method.padded(to: 8)) \(evaluations) evaluations: \(accuracy.percent) of \(images) images, "
      + "\(macs.grouped) MACs (\(macsKept.percent)), \(parameters.grouped) parameters"
  }
}

extension Workbench {
  /// Every step of a search with the given number of evaluations, with progress.
  fileprivate func searched(
    _ settings: SearchSettings, evaluations: Int, recording: SearchWorker.Recording = .none,
    sensitivity: Sensitivity? = nil
  ) throws -> [SearchStep] {
    let line = ProgressLine()
    defer { line.clear() }
    var search = try RecordedSearch(self, settings: settings, recording: recording) {
      try sensitivity ?? measuredSensitivity()
    }
    while search.steps.count < evaluations, try search.step() != nil {
      let best = search.searcher.episodes.map(\.reward).max()
      line.show(
        "episode \(search.searcher.episodeNumber), step \(search.steps.count) of \(evaluations)"
          + (best.map { ", best reward \($0.percent)" } ?? ""))
    }
    return search.steps
  }

  /// How much each choice hurts, with progress.
  fileprivate func measuredSensitivity() throws -> Sensitivity {
    let line = ProgressLine()
    defer { line.clear() }
    let sensitivity = try sensitivity { done, count in
      line.show("sensitivity: choice \(done) of \(count)")
    }
    guard let sensitivity else { preconditionFailure("nobody cancels it") }
    return sensitivity
  }

  /// The best of the five most promising steps, each measured on all images of the split.
  fileprivate func best(of steps: [SearchStep]) throws -> SearchStep {
    var seen: Set<Strategy> = []
    let promising = steps.sorted {
      $0.measurement.accuracy.fraction > $1.measurement.accuracy.fraction
    }.filter { seen.insert($0.strategy).inserted }.prefix(5)
    var best: SearchStep?
    for var step in promising {
      if step.measurement.accuracy.images < evaluator.dataset.count,
        let measurement = try measure(step.strategy)
      {
        step.measurement = measurement
      }
      let found = best?.measurement.accuracy.fraction ?? -1
      if step.measurement.accuracy.fraction > found { best = step }
    }
    guard let best else { preconditionFailure("a search evaluates at least one strategy") }
    return best
  }
}
