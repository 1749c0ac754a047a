internal import ArgumentParser
internal import Engine
internal import Formats
internal import ModelGraph
internal import Patterns
internal import Search

/// `sculpt search`: lets the agent look for the best strategy.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Searches for the best strategy at a target of MACs or latency.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var search: SearchOptions

  @Option(help: "Episodes to play.")
  var episodes = 50

  @Option(
    name: [.short, .customLong("out")],
    help: ArgumentHelp("Write the best one here.", valueName: "strategy.json"))
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
    let settings = search.settings(common)
    let recording: SearchWorker.Recording =
      resume.map { .resume(path: $0) } ?? record.map { .new(path: $0) } ?? .none
    let search = try workbench.searched(
      settings, evaluations: episodes * settings.stepsPerEpisode, recording: recording,
      latencies: workbench.measuredLatencies(for: settings.target))
    // A run that is gone on with has a target of its own.
    let (steps, target) = (search.steps, search.searcher.settings.target)
    let (best, method) = try resolved(workbench.best(of: steps), on: workbench)
    let file = StrategyFile(
      model: workbench.model.name, digest: workbench.file.digest, target: target,
      seed: settings.seed, method: method,
      metrics: .init(best.measurement.cost, validation: best.measurement.accuracy),
      strategy: best.strategy)
    if let output { try file.write(to: output, for: workbench.space, replacing: force) }
    var result = SearchOutcome(
      method: "agent", evaluations: steps.count, best, of: workbench.space.denseCost)
    result.correction = method.correction
    if target.resource == .latency {
      result.measuredLatency = try LatencyComparison(
        of: workbench.prune(best.strategy, method.correction).lowered().model,
        beside: workbench.model,
        on: workbench.space.engine
      ).ratio
    }
    if common.json {
      try printJSON(result, common.reading(of: workbench.file))
    } else {
      print(result.line)
    }
  }

  /// The best step, solved again where that gains accuracy, unless the command line says what is to be done.
  private func resolved(
    _ best: SearchStep, on workbench: Workbench
  ) throws -> (SearchStep, PruningMethod) {
    var (step, method) = (best, workbench.method)
    guard common.correction == nil, workbench.calibration != nil else { return (step, method) }
    let line = ProgressLine()
    defer { line.clear() }
    line.show("solving the best strategy's layers again")
    let measured = try workbench.measure(workbench.prune(best.strategy, .resolved))
    if let measured, measured.accuracy.fraction > best.measurement.accuracy.fraction {
      step.measurement = measured
      method.correction = .resolved
    }
    return (step, method)
  }
}
