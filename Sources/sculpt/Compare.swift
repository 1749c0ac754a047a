internal import ArgumentParser
internal import Foundation
internal import Metrics
internal import Patterns
internal import Search

/// `sculpt compare`: the agent beside its baselines, with as many looks at images.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares the agent with methods that learn nothing.",
    discussion: """
      Every method looks at as many images as --evaluations strategies on --images images would need, and its best \
      strategy is judged on the images that no search saw. KL is the divergence from the dense model's outputs, in nats.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var search: SearchOptions

  @Option(help: "Strategies that each method may evaluate, or as many images in shorter looks.")
  var evaluations = 200

  @Option(
    name: .customLong("methods"),
    help: "Some of \(Workbench.methods.joined(separator: ", ")), with commas between.")
  var methodNames: String?

  @Option(help: "Searches of each method, with seeds from --seed on.")
  var seeds = 1

  private var methods: [String] {
    methodNames?.split(separator: ",").map(String.init) ?? Workbench.methods
  }

  func validate() throws {
    if evaluations < 1 { throw ValidationError("--evaluations must be at least 1") }
    if seeds < 1 { throw ValidationError("--seeds must be at least 1") }
    if let unknown = methods.first(where: { !Workbench.methods.contains($0) }) {
      throw ValidationError(
        "there is no method '\(unknown)'; there are \(Workbench.methods.joined(separator: ", "))")
    }
  }

  func run() throws {
    let workbench = try common.workbench()
    var settings = search.settings(common)
    let dense = workbench.space.denseCost
    let line = ProgressLine()
    let devices = try search.devices(workbench.file, in: workbench.space).map(\.table)
    let latencies =
      !devices.isEmpty
      ? LatencyTable(slowestOf: devices, in: workbench.space)
      : settings.target.resource == .latency
        ? try workbench.file.measuredLatencies(in: workbench.space) : nil
    let sensitivity = try workbench.expectedLosses()
    var outcomes: [SearchOutcome] = []
    for _ in 0..<seeds {
      try workbench.compare(
        methods, settings, sensitivity: sensitivity, latencies: latencies,
        evaluations: evaluations,
        progress: { line.show("\($0) \($1) of \(evaluations)") },
        tell: { result in
          line.clear()
          let outcome = SearchOutcome(result, of: dense)
          outcomes.append(outcome)
          guard !common.json else { return }
          print(outcome.line + (seeds > 1 ? ", seed \(result.seed)" : ""))
          fflush(nil)
        })
      settings.seed &+= 1
    }
    line.clear()
    if common.json { return try printJSON(outcomes) }
    guard seeds > 1 else { return }
    for method in methods {
      let own = outcomes.filter { $0.method == method }
      guard !own.isEmpty else { continue }
      let divergences = own.compactMap(\.divergence)
      print(
        "\(method.padded(to: 8)) median of \(own.count): \(own.map(\.accuracy).median.percent), "
          + "KL \(divergences.median.decimals(4)) "
          + "(\((divergences.min() ?? 0).decimals(4)) to \((divergences.max() ?? 0).decimals(4)))")
    }
  }
}
