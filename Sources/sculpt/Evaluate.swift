internal import ArgumentParser
internal import Formats
internal import Metrics
internal import ModelGraph
internal import Patterns
internal import Search

/// `sculpt evaluate`: the accuracy of a model, dense or under a strategy.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the accuracy of a model, dense or under a strategy.")

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The strategy to apply first.", valueName: "strategy.json"))
  var strategy: String?

  @Option(help: "The split to measure on: train, calibration, validation or test.")
  var split: Split = .validation

  @Option(help: "Use only the first images of the split.")
  var images: Int?

  func validate() throws {
    if let images, images < 1 { throw ValidationError("--images must be at least 1") }
  }

  func run() throws {
    let workbench = try common.workbench(split: split, strategy: self.strategy)
    let strategy = try workbench.strategy(at: self.strategy)
    let line = ProgressLine()
    guard
      let measured = try workbench.measure(
        strategy, images: images ?? .max,
        progress: { line.show("\($0.images) images, \($0.fraction.percent)") })
    else { return }
    line.clear()
    let accuracy = measured.accuracy
    let interval = accuracy.interval
    let nonzero = strategy.isDense ? Nonzero(workbench.model) : nil
    if common.json {
      try printJSON(
        Report(
          accuracy: accuracy.fraction, correct: accuracy.correct, images: accuracy.images,
          interval: [interval.lowerBound, interval.upperBound], macs: measured.cost.macs,
          parameters: measured.cost.parameters, nonzero: nonzero, split: split.rawValue),
        common.reading(of: workbench.file, split: split))
    } else {
      let dense = workbench.space.denseCost
      print(
        "\(split.rawValue) \(accuracy.fraction.percent) (\(accuracy.correct) of \(accuracy.images), "
          + "95 % between \(interval.lowerBound.percent) and \(interval.upperBound.percent)), "
          + "\(measured.cost.macs.grouped) MACs "
          + "(\((measured.cost.macs.share(of: dense.macs)).percent)), "
          + "\(measured.cost.parameters.grouped) parameters"
          + (nonzero?.line(of: dense.macs).map { "; \($0)" } ?? ""))
    }
  }

  private struct Report: Encodable {
    var accuracy: Double
    var correct: Int
    var images: Int
    var interval: [Double]
    var macs: Int
    var parameters: Int
    var nonzero: Nonzero?
    var split: String
  }
}

extension Workbench {
  /// The strategy in the file at `path`, or the dense one without a path.
  func strategy(at path: String?) throws -> Strategy {
    guard let path else { return Strategy(denseFor: space) }
    let file = try StrategyFile.read(path, for: space)
    try file.check(against: self.file, path: path)
    return file.strategy
  }
}

extension StrategyFile {
  /// Throws unless the strategy was made for exactly this model.
  func check(against model: ModelFile, path: String) throws(FormatError) {
    guard let digest, let own = model.digest, digest != own else { return }
    throw FormatError(
      path, "was made for another version of model '\(self.model)'",
      remedy: "use the model with SHA-256 \(digest.prefix(12))…, this one has \(own.prefix(12))…")
  }
}
