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

  @Option(
    help: ArgumentHelp(
      "Images to use in place of those that the model names: an .npz, CIFAR's .bin, IDX or NPY files, or a "
        + "folder with a folder of photographs for each class.", valueName: "path"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "How photographs are fitted: crop (as torchvision does), stretch, or the shorter side in pixels.",
      valueName: "how"))
  var resize: ImageFitting = .standardCrop

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
    var file = try ModelFile.read(at: model)
    if let data {
      file = file.replacingData(try DataSource.recognised(at: data, fitting: resize), of: split)
    }
    return try Workbench(
      file, split: split, threads: threads ?? Evaluator.defaultThreads, correction: correction)
  }
}

extension ImageFitting: ExpressibleByArgument {
  /// From the argument's text.
  public init?(argument: String) { self.init(argument) }
}

extension Split: ExpressibleByArgument {}
extension Workbench.Correction: ExpressibleByArgument {}
