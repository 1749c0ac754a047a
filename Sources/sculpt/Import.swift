internal import ArgumentParser
internal import CommandOptions
internal import Formats
internal import ModelGraph

/// `sculpt import`: an ONNX model as a model.json with its weights.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes an ONNX model as model.json and weights.safetensors.",
    discussion: """
      What ONNX does not say belongs into the new file: --scale, --mean and --std of the input, and with \
      --data where the images are. Every command also reads an ONNX file itself.
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var target: ModelOutput

  @Option(help: "The split that --data belongs to: train, calibration, validation or test.")
  var split: Split = .validation

  func run() throws {
    let file = try common.file(split: split)
    let path = try target.write(file.model, data: file.data)
    let graph = file.model.graph
    let problems = Problem.all(in: graph)
    if common.json {
      try printJSON(
        Report(
          model: path, nodes: graph.nodes.count, parameters: graph.parameterCount, macs: graph.macs,
          unsupported: problems), common.reading(of: file, split: split))
      return
    }
    print(
      "\(path): \(graph.nodes.count) nodes, \(graph.parameterCount.grouped) parameters, "
        + "\(graph.macs.grouped) MACs")
    for problem in problems { print(problem) }
  }

  private struct Report: Encodable {
    var model: String
    var nodes: Int
    var parameters: Int
    var macs: Int
    var unsupported: [Problem]
  }
}
