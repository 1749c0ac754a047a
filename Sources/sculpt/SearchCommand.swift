internal import ArgumentParser
internal import CommandOptions
internal import Formats
internal import Metrics
internal import Patterns
internal import Pruning
internal import Ranks
internal import Search

/// `sculpt search`: lets the agent look for the best strategy.
struct SearchCommand: RankedCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Searches for the best strategy at a target of MACs or latency.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var search: SearchOptions

  @Option(help: "Episodes to play, at most.")
  var episodes = 50

  @Option(
    help: ArgumentHelp(
      "End after so many episodes without a better strategy; 0 plays all.",
      valueName: "episodes"))
  var patience = 20

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
    if patience < 0 { throw ValidationError("--patience must be at least 0") }
    if episodes < 1 { throw ValidationError("--episodes must be at least 1") }
  }

  func run() throws {
    try checkPlaces(output.map { [$0] } ?? [], replacing: force)
    try common.onRanks(ofRun: resume) { try search(on: $0) }
  }

  private func search(on workbench: Workbench) throws {
    let ranks = workbench.ranks
    let progress = SearchProgress(
      steps: episodes * search.steps, looking: { ranks.traffic.elapsed })
    defer { progress.clear() }
    let devices = try search.devices(workbench.file, in: workbench.space)
    var options = options
    if !devices.isEmpty { options.latencies = Latencies(devices.map(\.table)) }
    var session = try SearchSession(
      workbench, settings: search.settings(common), options: options,
      tell: { progress.show($0) })
    if let advice = session.workbench.advice { ProgressLine().note("sculpt: \(advice)") }
    let result = try session.run(
      episodes: episodes, patience: patience == 0 ? nil : patience,
      interruption: Termination.watched())
    var outcome = SearchOutcome(
      method: "agent", evaluations: session.steps.count, result.step,
      of: session.workbench.space.denseCost)
    outcome.correction = result.method.correction
    outcome.measuredLatency = result.latency?.ratio
    outcome.devices = devices.map { device in
      .init(
        device: device.device,
        latency: device.table.share(of: result.step.strategy, in: workbench.space))
    }
    progress.clear()
    if let doubt = result.latency?.doubt { ProgressLine().note("sculpt: \(doubt)") }
    noteConvergence(of: session, progress)
    if !workbench.ranks.isAlone, let rate = progress.imagesPerSecond {
      ProgressLine().note(
        "sculpt: looked at \(Int(rate.searching)) images a second of the search, "
          + "\(Int(rate.looking)) a second of looking")
    }
    let target = session.settings.target
    let kept = target.resource == .macs ? outcome.macsKept : outcome.latency
    if let kept, kept > target.share + 1e-6 {
      ProgressLine().note(
        "sculpt: found nothing within \(target.share.percent) of the \(target.resource.name); "
          + "this keeps \(kept.percent)")
    }
    if common.json {
      try printJSON(outcome, common.reading(of: session.workbench.file))
    } else {
      print(outcome.line)
    }
  }

  /// Says so if the search ended early, and what the rest would have taken.
  private func noteConvergence(of session: SearchSession, _ progress: SearchProgress) {
    let left = episodes - session.episodes.count
    guard left > 0 else { return }
    let time = progress.secondsPerEpisode.map { Int((Double(left) * $0).rounded(.up)) }
    ProgressLine().note(
      "sculpt: converged: nothing better in \(session.episodesSinceRecord) episodes; "
        + "--patience 0 plays the other \(left), too" + (time.map { " (about \($0) s)" } ?? ""))
  }

  private var options: SearchSession.Options {
    SearchSession.Options(
      recording: resume.map { .resume(path: $0) } ?? record.map { .new(path: $0) } ?? .none,
      // Who says what is to be done to the weights gets that.
      resolves: common.correction == nil, output: output)
  }
}
