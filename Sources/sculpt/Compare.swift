internal import ArgumentParser
internal import Patterns
internal import Search

/// `sculpt compare`: the agent beside its baselines, with equally many evaluations.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares the agent with uniform, random, greedy and dynamic-programming strategies.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var search: SearchOptions

  @Option(help: "Strategies that each method may evaluate.")
  var evaluations = 200

  func validate() throws {
    if evaluations < 1 { throw ValidationError("--evaluations must be at least 1") }
  }

  func run() throws {
    let workbench = try common.workbench()
    let settings = search.settings(common)
    let dense = workbench.space.denseCost
    let line = ProgressLine()
    let latencies =
      settings.target.resource == .latency
      ? try workbench.file.measuredLatencies(in: workbench.space) : nil
    var outcomes: [SearchOutcome] = []
    try workbench.compare(
      settings, sensitivity: workbench.measuredSensitivity(), latencies: latencies,
      evaluations: evaluations,
      progress: { line.show("\($0) \($1) of \(evaluations)") },
      tell: { result in
        line.clear()
        outcomes.append(SearchOutcome(result, of: dense))
        if !common.json { print(outcomes[outcomes.count - 1].line) }
      })
    line.clear()
    if common.json { try printJSON(outcomes) }
  }
}
