public import ArgumentParser
internal import Engine
public import Formats
internal import ModelGraph
internal import Patterns
internal import Pruning
internal import Search

/// `sculpt export`, also `sculpt apply`: writes a model, with the strategy that prunes it if there is one.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a model, pruned by a strategy, as model.json or ONNX.",
    discussion: """
      Channels, heads, neurons and thirds of inputs that the strategy removes are gone; masked weights are zero. An \
      ONNX file has plain dense operators: what is gone makes any engine faster, and so do the boxes that are left of \
      kernels.
      """, aliases: ["apply"])

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The strategy to apply.", valueName: "strategy.json"))
  var strategy: String?

  @Flag(
    help:
      "Keep batch-norms in an ONNX file. Otherwise the layers before them do their work, and a layer may be two."
  )
  var keepBatchnorm = false

  @Option(
    help: "The form of what is written: sculpt (model.json), onnx or pytorch; usually the name's.")
  var format: ModelFormat?

  @OptionGroup var target: ModelOutput

  func run() throws {
    let file = try common.file()
    let report = try strategy.map { try pruned(file, by: $0) } ?? dense(file)
    if common.json {
      try printJSON(report, common.reading(of: file))
    } else {
      print(
        "\(report.model): \(report.macs.grouped) MACs, \(report.parameters.grouped) parameters")
    }
  }

  /// Needs no images but those that correct it.
  private func pruned(_ file: ModelFile, by path: String) throws -> Report {
    let method = try common.method(ofStrategyAt: path)
    let space = try common.space(of: file.model.graph, strategy: path)
    let strategy = try StrategyFile.read(path, for: space)
    try strategy.check(against: file, path: path)
    let corrector =
      strategy.strategy.isDense
      ? nil
      : try Workbench.corrector(
        of: file, space, method, threads: common.threads ?? Evaluator.defaultThreads,
        memory: common.memory ?? .standard)
    let pruned =
      try corrector?.prune(strategy.strategy, method.correction)
      ?? space.apply(strategy.strategy, to: file.model)
    let written = try write(pruned.lowered().model, data: file.data)
    return Report(model: written, macs: pruned.cost.macs, parameters: pruned.cost.parameters)
  }

  /// Needs no images.
  private func dense(_ file: ModelFile) throws -> Report {
    let path = try write(file.model, data: file.data)
    let graph = file.model.graph
    return Report(model: path, macs: graph.macs, parameters: graph.parameterCount)
  }

  private func write(_ model: Model, data: [Split: DataSource]) throws -> String {
    let isONNX = (format ?? ModelFormat(ofFileAt: target.output)) == .onnx
    return try target.write(
      isONNX && !keepBatchnorm ? model.fused() : model, data: data, as: format)
  }

  private struct Report: Encodable {
    var model: String
    var macs: Int
    var parameters: Int
  }
}

extension ModelFormat: ExpressibleByArgument {}
