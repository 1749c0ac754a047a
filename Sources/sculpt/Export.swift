internal import ArgumentParser
internal import Engine
internal import Formats
internal import ModelGraph
internal import Patterns
internal import Pruning
internal import Search

/// `sculpt export`, also `sculpt apply`: writes a model, with the strategy that prunes it if there is one, or a report
/// of it.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Writes a model, pruned by a strategy, as model.json, ONNX or PyTorch; or a report of it.",
    discussion: """
      Channels, heads, neurons and thirds of inputs that the strategy removes are gone; masked weights are zero. An \
      ONNX file has plain dense operators: what is gone makes any engine faster, and so do kernels of which the same \
      taps are masked in every filter. A module of PyTorch is Python to be read, with the weights beside it.

      A report (html, markdown) measures the accuracy on the validation and test images that there are and the time \
      in every engine that is found; --run adds the search. model-explorer writes data that lie over the graph in \
      Google's Model Explorer: what is kept of each node, and how sensitive it is.
      """, aliases: ["apply"])

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The strategy to apply.", valueName: "strategy.json"))
  var strategy: String?

  @Option(
    help: ArgumentHelp(
      "What is written: sculpt (model.json), onnx, pytorch, html, markdown or model-explorer; otherwise the name says "
        + "it.", valueName: "format"), transform: named)
  var format: ExportFormat?

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The search that a report tells of.", valueName: "run.sqlite"))
  var search: String?

  @Flag(
    help:
      "Keep batch-norms in an ONNX file. Otherwise the layers before them do their work, and a layer may be two."
  )
  var keepBatchnorm = false

  @OptionGroup var target: ModelOutput

  func validate() throws {
    if case .report = written {
      if strategy == nil { throw ValidationError("a report needs a --strategy") }
    } else if search != nil {
      throw ValidationError("--run is for reports")
    }
    if case .model(let model) = format, target.contradicts(model) {
      throw ValidationError(
        "\(target.output): the name is that of another format than --format says")
    }
  }

  private static func named(_ name: String) throws -> ExportFormat {
    let formats = ExportFormat.allCases
    guard let format = formats.first(where: { $0.name == name }) else {
      let names = formats.map(\.name).joined(separator: ", ")
      throw ValidationError("there is no format '\(name)'; there are \(names)")
    }
    return format
  }

  /// Nil for a folder that gets a model.
  private var written: ExportFormat? { format ?? ExportFormat(ofFileAt: target.output) }

  func run() throws {
    let file = try common.file(announcing: false)
    if case .report(let format) = written, let strategy {
      return try report(file, strategy, as: format)
    }
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
    if corrector != nil {
      try common.announce(file)
    } else if method.correction != .none, !strategy.strategy.isDense {
      ProgressLine().note(
        "sculpt: no calibration images: weights are left as they are; --calibration names some")
    }
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
    guard case .model(let format) = written ?? .model(.sculpt) else { return "" }
    return try target.write(
      format == .onnx && !keepBatchnorm ? model.fused() : model, data: data, as: format)
  }

  private func report(_ file: ModelFile, _ strategy: String, as format: ReportFormat) throws {
    let path = target.output
    let folder = format == .modelExplorer ? path : Path.folder(of: path)
    try ModelFile.makeFolder(at: folder)
    if format != .modelExplorer { try AtomicFile.checkPlace(path, replacing: target.force) }
    if !file.data.isEmpty { try common.announce(file) }
    let reported = ReportedModel(common: common, file: file, strategy: strategy, run: search)
    let report = try reported.report(
      isTimed: format != .modelExplorer, needsLosses: format == .modelExplorer)
    let files = report.files(as: format, at: path)
    for file in files {
      try AtomicFile.write(data: Array(file.text.utf8), to: file.path, replacing: target.force)
    }
    let paths = files.map(\.path)
    if common.json {
      try printJSON(["written": paths])
    } else {
      print(paths.joined(separator: "\n"))
    }
  }

  private struct Report: Encodable {
    var model: String
    var macs: Int
    var parameters: Int
  }
}
