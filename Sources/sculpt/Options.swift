public import ArgumentParser
internal import CommandOptions
internal import Engine
public import Formats
internal import ModelGraph
internal import Patterns
internal import Ranks
internal import Search

/// The model and what every command can be told.
struct CommonOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The model.", valueName: "model.json|model.onnx"))
  var model: String

  @OptionGroup var dataOptions: DataOptions

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "Threads that evaluate; by default one a processor.")
  var threads: Int?

  @Option(help: .memory)
  var memory: MemoryBudget?

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "What is done to a pruned model, on the calibration split: none, matched (each channel's statistics), "
        + "reconstructed (least squares), both, or resolved (both, layer by layer); by default what the "
        + "strategy says, otherwise both."))
  var correction: Correction?

  @Option(
    help: ArgumentHelp(
      "What decides which weights stay: energy (of the weights), taylor (first order, by gradients) or "
        + "reconstruction (what least squares cannot make up for), which is usual where layers are "
        + "reconstructed; otherwise energy is."))
  var importance: ImportanceMeasure?

  @OptionGroup var menuOptions: MenuOptions

  func validate() throws {
    try check(threads: threads)
  }

  /// The model with the images and the input that the command line names; says how it is read, unless that can
  /// wait until images are.
  func file(
    split: Split = .validation, weights: ModelFile.WeightsPolicy = .required,
    announcing: Bool = true
  ) throws -> ModelFile {
    let file = try dataOptions.applied(
      to: ModelFile.read(at: model, weights: weights, output: dataOptions.output), split: split)
    if announcing, try Ranks.started().leads { try announce(file, split: split) }
    return file
  }

  /// Says how a model is read, as far as its file leaves it open.
  func announce(_ file: ModelFile, split: Split = .validation) throws {
    let reading = try reading(of: file, split: split)
    if !json, reading.isAssumed { ProgressLine().note("sculpt: \(reading)") }
  }

  /// How a model is read, with the images of a split.
  func reading(of file: ModelFile, split: Split = .validation) throws -> ModelReading {
    try ModelReading(file, source: file.data[split])
  }

  /// How a strategy is made into a model: as the command line says, otherwise as its file does.
  func method(ofStrategyAt path: String?) throws -> PruningMethod {
    var method = try path.flatMap { try StrategyFile.method(at: $0) } ?? PruningMethod()
    method.sharing = menuOptions.sharing ?? method.sharing
    method.importance = importance ?? method.importance
    method.correction = correction ?? method.correction
    return method
  }

  /// The model with the given split of its data.
  ///
  /// - Parameters:
  ///   - strategy: the path of the strategy that is to be applied, if there is one.
  ///   - run: the path of the run that is gone on with, whose images it has unless the command line names some.
  func workbench(
    split: Split = .validation, strategy: String? = nil, ofRun run: String? = nil
  ) throws -> Workbench {
    var file = try file(split: split)
    if let run, dataOptions.leaveEverything {
      file = try RunImages(ofRun: run)?.applied(to: file) ?? file
    }
    return try workbench(of: file, split: split, strategy: strategy)
  }

  /// A model that was read already, likewise.
  func workbench(
    of file: ModelFile, split: Split = .validation, strategy: String? = nil
  ) throws -> Workbench {
    let ranks = try Ranks.started()
    let workbench = try Workbench(
      file, split: split, library: menuOptions.library(), engine: menuOptions.engine,
      threads: threads ?? ranks.threads, memory: memory ?? ranks.memory,
      method: method(ofStrategyAt: strategy))
    if ranks.leads, let remark = workbench.evaluator.dataset.remark {
      ProgressLine().note("sculpt: \(remark)")
    }
    return workbench
  }

  /// The prunable units of a graph.
  ///
  /// - Parameter strategy: the path of the strategy that is to be applied, if there is one.
  func space(of graph: Graph, strategy: String? = nil) throws -> PruningSpace {
    try PruningSpace(
      graph, library: menuOptions.library(), engine: menuOptions.engine,
      sharing: method(ofStrategyAt: strategy).sharing)
  }
}

extension Split: ExpressibleByArgument {}
extension Correction: ExpressibleByArgument {}
extension ImportanceMeasure: ExpressibleByArgument {}
