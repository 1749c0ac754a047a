internal import ArgumentParser
internal import Formats
internal import Foundation
internal import Metrics
internal import Patterns
internal import Search

/// `sculpt compare`: the agent beside its baselines, with as many looks at images.
struct Compare: RankedCommand {
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
    help: ArgumentHelp(
      "Some of \(Workbench.methods.joined(separator: ", ")), which all are compared by default, and of "
        + "\(Workbench.ablations.joined(separator: ", ")), the agent without a part of it; with commas between.",
      valueName: "names"))
  var methodNames: String?

  @Option(help: "Searches of each method, with seeds from --seed on.")
  var seeds = 1

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Write what was found to a file: every point of every search (.csv), or the medians as a drawing (.svg). Can be "
        + "given again.", valueName: "file"))
  var output: [String] = []

  @Flag(help: "Replace files that exist.")
  var force = false

  private var methods: [String] {
    methodNames?.split(separator: ",").map(String.init) ?? Workbench.methods
  }

  func validate() throws {
    if evaluations < 1 { throw ValidationError("--evaluations must be at least 1") }
    if seeds < 1 { throw ValidationError("--seeds must be at least 1") }
    let known = Workbench.methods + Workbench.ablations
    if let unknown = methods.first(where: { !known.contains($0) }) {
      throw ValidationError(
        "there is no method '\(unknown)'; there are \(known.joined(separator: ", "))")
    }
    if let unknown = output.first(where: { !$0.hasSuffix(".csv") && !$0.hasSuffix(".svg") }) {
      throw ValidationError("'\(unknown)' is neither a .csv nor an .svg file")
    }
  }

  func run() throws {
    try checkPlaces(output, replacing: force)
    try common.onRanks { try compare(on: $0) }
  }

  private func compare(on workbench: Workbench) throws {
    let settings = search.settings(common)
    let dense = workbench.space.denseCost
    let line = ProgressLine()
    let devices = try search.devices(workbench.file, in: workbench.space).map(\.table)
    let latencies =
      !devices.isEmpty
      ? Latencies(devices)
      : settings.target.resource == .latency
        ? Latencies(try workbench.file.measuredLatencies(in: workbench.space)) : nil
    let sensitivity = try workbench.expectedLosses()
    var comparison = MethodComparison()
    try workbench.compare(
      methods, settings, seeds: seeds, sensitivity: sensitivity, latencies: latencies,
      evaluations: evaluations,
      progress: { line.show("\($0) \($1) of \(evaluations)") },
      tell: { result in
        line.clear()
        comparison.add(result)
        // What is known outlives an end before the last seed.
        try? write(comparison)
        guard !common.json else { return }
        print(
          SearchOutcome(result, of: dense).line + (seeds > 1 ? ", seed \(result.seed)" : ""))
        fflush(nil)
      })
    try write(comparison)
    line.clear()
    if common.json {
      return try printJSON(comparison.results.map { SearchOutcome($0, of: dense) })
    }
    if seeds > 1 { summarise(comparison) }
  }

  private func write(_ comparison: MethodComparison) throws {
    for path in output {
      let text = path.hasSuffix(".svg") ? comparison.svg : comparison.csv
      try AtomicFile.write(data: Array(text.utf8), to: path)
    }
  }

  private func summarise(_ comparison: MethodComparison) {
    let least = comparison.leastDivergence
    for method in comparison.methods {
      let results = comparison.results(of: method)
      let divergences = comparison.divergences(of: method)
      print(
        "\(method.padded(to: 9)) median of \(results.count): "
          + "KL \(divergences.median.decimals(4)) (\((divergences.min() ?? 0).decimals(4)) to "
          + "\((divergences.max() ?? 0).decimals(4))), \((divergences.median - least).decimals(4)) above the best, "
          + "\(results.map(\.best.measurement.accuracy.fraction).median.percent), "
          + "\(results.map(\.seconds).median.decimals(0)) s")
    }
    for method in comparison.methods where method != "agent" {
      let test = comparison.signTest("agent", against: method)
      guard test.wins + test.losses > 0 else { continue }
      print(
        "agent below \(method): \(test.wins) of \(test.wins + test.losses) seeds, "
          + "p \(test.probability.decimals(3))")
    }
  }
}
