internal import ArgumentParser
internal import Formats
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
      ONNX file has plain dense operators: what is gone makes any engine faster, and so do kernels whose border rows \
      or columns are masked in every filter.
      """, aliases: ["apply"])

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The strategy to apply.", valueName: "strategy.json"))
  var strategy: String?

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

  private func pruned(_ file: ModelFile, by strategy: String) throws -> Report {
    let workbench = try common.workbench(of: file, strategy: strategy)
    let pruned = try workbench.prune(workbench.strategy(at: strategy))
    let path = try target.write(pruned.lowered().model, data: workbench.file.data)
    return Report(model: path, macs: pruned.cost.macs, parameters: pruned.cost.parameters)
  }

  /// Needs no images.
  private func dense(_ file: ModelFile) throws -> Report {
    let path = try target.write(file.model, data: file.data)
    let graph = file.model.graph
    return Report(model: path, macs: graph.macs, parameters: graph.parameterCount)
  }

  private struct Report: Encodable {
    var model: String
    var macs: Int
    var parameters: Int
  }
}
