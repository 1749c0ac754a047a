internal import ArgumentParser
internal import CommandOptions
internal import Engine
internal import Formats
internal import ModelGraph
internal import Search

/// `sculpt run`: what a network makes of an array, to be compared with another engine's.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Computes a network's outputs for the inputs in an NPY file.",
    discussion: """
      Integers are scaled and normalised as the model says, floats are taken as they are. The first axis \
      counts the inputs; a single one may lack it.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The inputs.", valueName: "x.npy"))
  var input: String

  @Option(
    name: [.short, .customLong("out")],
    help: ArgumentHelp("Where to write the outputs.", valueName: "y.npy"))
  var output: String

  @Flag(help: "Replace the file if it exists.")
  var force = false

  func run() throws {
    let file = try common.file()
    let model = file.model
    let inputs = try NetworkArrays.read(input, for: model)
    if let remark = inputs.remark { ProgressLine().note("sculpt: \(remark)") }
    let program = try Program(model)
    let evaluator = Evaluator(inputs, threads: common.threads ?? Evaluator.defaultThreads)
    guard let outputs = evaluator.outputs(of: program) else { return }
    let shape = [inputs.count] + model.graph.nodes[model.graph.output].shape.dimensions
    try NetworkArrays.write(outputs, extents: shape, to: output, replacing: force)
    let text = shape.map(String.init).joined(separator: "x")
    if common.json {
      try printJSON(Report(output: output, shape: shape), common.reading(of: file))
    } else {
      print("\(output): \(text)")
    }
  }

  private struct Report: Encodable {
    var output: String
    var shape: [Int]
  }
}
