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
    var outcomes: [SearchOutcome] = []
    let line = ProgressLine()
    let latencies = try workbench.measuredLatencies(for: settings.target)
    let sensitivity = try workbench.measuredSensitivity()
    for baseline in Baseline.allCases {
      let steps = try baseline.run(
        workbench, settings: settings, sensitivity: sensitivity, latencies: latencies,
        evaluations: evaluations
      ) {
        line.show("\(baseline.rawValue) \($0) of \(evaluations)")
      }
      line.clear()
      guard !steps.isEmpty else { continue }
      outcomes.append(
        SearchOutcome(
          method: baseline.rawValue, evaluations: steps.count,
          try workbench.best(of: steps),
          of: dense))
      if !common.json { print(outcomes[outcomes.count - 1].line) }
    }
    let steps = try workbench.searched(
      settings, evaluations: evaluations, latencies: latencies, sensitivity: sensitivity
    ).steps
    outcomes.append(
      SearchOutcome(
        method: "agent", evaluations: steps.count, try workbench.best(of: steps),
        of: dense))
    if common.json { try printJSON(outcomes) } else { print(outcomes[outcomes.count - 1].line) }
  }
}
