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
      In the engine that the menus are for (--engine), and in every other that is found here: ONNX Runtime and \
      OpenVINO are where python3 and their packages onnxruntime and openvino are. --predict also says what the times of the single choices add up to, \
      which are measured once for a machine and a model.

      --kit writes a folder for another device: networks to be timed, and measure.py, which needs Python and ONNX \
      Runtime alone and writes a table; --table predicts by it, here and in sculpt search.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The strategy to apply.", valueName: "strategy.json"))
  var strategy: String?

  @Option(help: "How often each is timed.")
  var rounds = 101

  @Flag(help: "Measure every choice of every layer, and predict from it.")
  var predict = false

  @Option(
    name: .customLong("table"),
    help: ArgumentHelp("Predict from what measure.py wrote on a device.", valueName: "table.json"))
  var tables: [String] = []

  @Option(
    help: ArgumentHelp("Write what another device needs to time choices.", valueName: "folder"))
  var kit: String?

  @Flag(help: "Replace files that exist.")
  var force = false

  func validate() throws {
    if rounds < 1 { throw ValidationError("--rounds must be at least 1") }
    if kit != nil, strategy != nil || predict || !tables.isEmpty {
      throw ValidationError("--kit times nothing here: leave --strategy, --predict and --table out")
    }
  }

  func run() throws {
    let file = try common.file(announcing: false)
    let space = try common.space(of: file.model.graph, strategy: self.strategy)
    if let kit { return try write(LatencyKit(file.model, digest: file.digest, space), to: kit) }
    var strategy = Strategy(denseFor: space)
    if let path = self.strategy {
      let read = try StrategyFile.read(path, for: space)
      try read.check(against: file, path: path)
      strategy = read.strategy
    }
    var predictions = try tables.map { path in
      let read = try LatencyKit(file.model, digest: file.digest, space).read(path)
      if let doubt = read.table.doubt {
        ProgressLine().note("sculpt: \(read.device): \(doubt)")
      }
      return Prediction(by: read.device, ratio: read.table.share(of: strategy, in: space))
    }
    // Masks are those that calibration images choose, if there are any: their time is not that of others.
    let pruned =
      file.data[.validation] == nil
      ? try space.apply(strategy, to: file.model)
      : try common.workbench(of: file, strategy: self.strategy).prune(strategy)
    let comparisons = try LatencyComparison.onEveryEngine(
      of: pruned.lowered().model, beside: file.model, first: space.engine, rounds: rounds)
    if predict {
      let ratio = try file.measuredLatencies(in: space).share(of: strategy, in: space)
      predictions.insert(Prediction(by: comparisons[0].engine, ratio: ratio), at: 0)
    }
    for doubt in comparisons.compactMap(\.doubt) { ProgressLine().note("sculpt: \(doubt)") }
    let share = space.cost(of: strategy).macs.share(of: space.denseCost.macs)
    if common.json {
      let report = Report(
        measured: comparisons[0], engines: comparisons,
        predictedRatio: predict ? predictions[0].ratio : nil, predictions: predictions,
        macsShare: share)
      return try printJSON(report, common.reading(of: file))
    }
    show(comparisons)
    for prediction in predictions {
      print("predicted".padded(to: 22) + "\(prediction.ratio.percent) of dense by \(prediction.by)")
    }
    if self.strategy != nil { print("MACs".padded(to: 22) + "\(share.percent) of dense") }
  }

  private func write(_ kit: LatencyKit, to folder: String) throws {
    let networks = try kit.write(to: folder, replacing: force)
    if common.json { return try printJSON(["networks": networks]) }
    print(
      "\(folder): \(networks) networks; copy it to the device, run python3 measure.py there, and give its "
        + "table.json to sculpt search --table")
  }

  /// A row for each engine: the median of each model, from the fastest tenth to the slowest, and their ratio.
  private func show(_ comparisons: [LatencyComparison]) {
    func text(_ timings: Timings) -> String {
      String(
        format: "%.3f ms (%.3f to %.3f)", timings.median * 1e3, timings.low * 1e3,
        timings.high * 1e3)
    }
    let isPruned = strategy != nil
    let titles = ["", "dense"] + (isPruned ? ["pruned", "of dense"] : [])
    let rows = comparisons.map { row in
      [row.engine, text(row.dense)]
        + (isPruned ? [text(row.pruned), row.ratio.median.percent] : [])
    }
    for row in [titles] + rows {
      let last = row.count - 1
      print(
        row.enumerated().map { $0 < last ? $1.padded(to: $0 == 0 ? 22 : 30) : $1 }.joined())
    }
  }

  private struct Prediction: Encodable {
    var by: String
    var ratio: Double
  }

  private struct Report: Encodable {
    var measured: LatencyComparison
    /// The same on every engine that was found, that one first.
    var engines: [LatencyComparison]
    var predictedRatio: Double?
    var predictions: [Prediction]
    var macsShare: Double
  }
}
