internal import ArgumentParser
internal import CommandOptions
internal import Formats
internal import Foundation
internal import Metrics
internal import ModelGraph
internal import Patterns
internal import Pruning
internal import Search

/// `sculpt latency`: how long one image takes, pruned and dense, measured and predicted.
struct LatencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latency",
    abstract: "Times one image on one thread, dense and under a strategy, in turn.",
    discussion: """
      In Sculpt's own engine, or with --engine onnx in ONNX Runtime, for which python3 and its package \
      onnxruntime are needed. With --table the time of every choice of every layer is measured, too, once for a machine and a \
      model, and the strategy's time is predicted from it.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The strategy to apply.", valueName: "strategy.json"))
  var strategy: String?

  @Option(help: "How often each is timed.")
  var rounds = 101

  @Flag(help: "Measure every choice of every layer, and predict from it.")
  var table = false

  func validate() throws {
    if rounds < 1 { throw ValidationError("--rounds must be at least 1") }
  }

  func run() throws {
    let file = try common.file()
    let space = try common.space(of: file.model.graph, strategy: self.strategy)
    var strategy = Strategy(denseFor: space)
    if let path = self.strategy {
      let read = try StrategyFile.read(path, for: space)
      try read.check(against: file, path: path)
      strategy = read.strategy
    }
    // Masks are those that calibration images choose, if there are any: their time is not that of others.
    let pruned =
      file.data[.validation] == nil
      ? try space.apply(strategy, to: file.model)
      : try common.workbench(of: file, strategy: self.strategy).prune(strategy)
    let comparison = try LatencyComparison(
      of: pruned.lowered().model, beside: file.model, on: space.engine, rounds: rounds)
    let predicted =
      try table ? file.measuredLatencies(in: space).share(of: strategy, in: space) : nil
    let share = space.cost(of: strategy).macs.share(of: space.denseCost.macs)
    if common.json {
      try printJSON(
        Report(measured: comparison, predictedRatio: predicted, macsShare: share),
        common.reading(of: file))
      return
    }
    func text(_ timings: Timings, _ unit: String, _ scale: Double) -> String {
      String(
        format: "%.3f %@ (%.3f to %.3f)", timings.median * scale, unit, timings.low * scale,
        timings.high * scale)
    }
    print("dense   \(text(comparison.dense, "ms", 1e3))")
    guard self.strategy != nil else { return }
    print("pruned  \(text(comparison.pruned, "ms", 1e3))")
    print("ratio   \(text(comparison.ratio, "of dense", 1)); \(share.percent) of the MACs")
    if let predicted { print(String(format: "table   %.3f of dense", predicted)) }
  }

  private struct Report: Encodable {
    var measured: LatencyComparison
    var predictedRatio: Double?
    var macsShare: Double
  }
}
