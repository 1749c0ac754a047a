public import ArgumentParser
internal import CommandOptions
internal import Engine
public import Formats
internal import ModelGraph
internal import Patterns
public import Search

/// The model and what every command can be told.
struct CommonOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The model.", valueName: "model.json|model.onnx"))
  var model: String

  @OptionGroup var dataOptions: DataOptions

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "Threads that evaluate; by default one a processor.")
  var threads: Int?

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "What is done to a pruned model, on the calibration split: none, matched (each channel's statistics), "
        + "reconstructed (least squares), both, or resolved (both, layer by layer)."))
  var correction: Correction = .both

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

  /// The model with the images and the input that the command line names.
  func file(split: Split = .validation) throws -> ModelFile {
    try dataOptions.applied(to: ModelFile.read(at: model), split: split)
  }

  /// The model with the given split of its data.
  func workbench(split: Split = .validation) throws -> Workbench {
    try Workbench(
      file(split: split), split: split, library: menuOptions.library(), engine: menuOptions.engine,
      sharing: menuOptions.sharing,
      threads: threads ?? Evaluator.defaultThreads, correction: correction,
      importance: importance)
  }

  /// What can be decided about a graph.
  func space(of graph: Graph) throws -> PruningSpace {
    try PruningSpace(
      graph, library: menuOptions.library(), engine: menuOptions.engine,
      sharing: menuOptions.sharing)
  }
}

extension Split: ExpressibleByArgument {}
extension Correction: ExpressibleByArgument {}
extension ImportanceMeasure: ExpressibleByArgument {}
