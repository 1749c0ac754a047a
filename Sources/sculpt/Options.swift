public import ArgumentParser
internal import Engine
public import Formats
internal import Patterns
public import Search

let programVersion = StrategyFile.programVersion

/// The model and what every command can be told.
struct CommonOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The model.", valueName: "model.json"))
  var model: String

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "Threads that evaluate; by default one a processor.")
  var threads: Int?

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0

  @Option(
    help: "What is done to a pruned model: none, or matched (statistics on the calibration split).")
  var correction: Workbench.Correction = .matched

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be between 1 and 1024, not \(threads)")
    }
  }

  /// The model with the given split of its data.
  func workbench(split: Split = .validation) throws -> Workbench {
    try Workbench(
      modelAt: model, split: split, threads: threads ?? Evaluator.defaultThreads,
      correction: correction)
  }
}

extension Split: ExpressibleByArgument {}
extension Workbench.Correction: ExpressibleByArgument {}
