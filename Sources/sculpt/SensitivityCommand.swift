internal import ArgumentParser
internal import Formats
internal import Metrics
internal import Patterns
internal import Search

/// `sculpt sensitivity`: what each choice of each unit costs and saves.
struct SensitivityCommand: RankedCommand {
  static let configuration = CommandConfiguration(
    commandName: "sensitivity",
    abstract: "Measures what each choice of each unit costs and saves, everything else dense.",
    discussion: """
      Logits are compared with those of the dense model, on the same images: their squared error over \
      their variance, and the Kullback-Leibler divergence of the probabilities in nats; masked, then \
      reconstructed and matched. Milliseconds are those saved on one thread by the engine that the menus are for; \
      with --engine onnx python3 and its package onnxruntime measure them, with openvino likewise.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "The split to measure on: train, calibration, validation or test.")
  var split: Split = .validation

  @Option(help: "Images of the split, from its first on.")
  var images = 500

  @Flag(inversion: .prefixedNo, help: "Measure the time of each choice, too.")
  var latency = true

  func validate() throws {
    if images < 1 { throw ValidationError("--images must be at least 1") }
  }

  func run() throws { try common.onRanks(split: split) { try report(on: $0) } }

  private func report(on workbench: Workbench) throws {
    let line = ProgressLine()
    let latencies = latency ? times(of: workbench) : nil
    var reports: [ChoiceReport] = []
    if !common.json { print(Self.row("", "", "MACs", "ms", "masked", "", "corrected", "")) }
    if !common.json {
      print(Self.row("unit", "choice", "saved", "saved", "KL", "acc.", "KL", "acc."))
    }
    try workbench.reportChoices(images: images, latencies: latencies) { report, count in
      reports.append(report)
      line.show("\(reports.count) of \(count) choices")
      guard !common.json else { return }
      line.clear()
      print(Self.row(report, of: workbench.space.denseCost))
    }
    line.clear()
    if common.json { try printJSON(reports) }
  }

  /// The time of every choice; left out, with a word, where the engine cannot be timed here.
  private func times(of workbench: Workbench) -> LatencyTable? {
    do {
      return try workbench.file.measuredLatencies(in: workbench.space)
    } catch {
      ProgressLine().note("sculpt: no times: \(error)")
      return nil
    }
  }

  private static func row(_ report: ChoiceReport, of dense: Cost) -> String {
    row(
      report.unit, report.choice, (Double(report.macsSaved) / Double(max(dense.macs, 1))).percent,
      report.secondsSaved.map { ($0 * 1e3).decimals(3) } ?? "-",
      report.masked.distance.divergence.decimals(4), report.masked.accuracy.fraction.percent,
      report.corrected.distance.divergence.decimals(4),
      report.corrected.accuracy.fraction.percent)
  }

  private static func row(_ unit: String, _ choice: String, _ numbers: String...) -> String {
    unit.padded(to: 32) + " " + choice.padded(to: 12)
      + numbers.map { $0.leftPadded(to: 10) }.joined()
  }
}
