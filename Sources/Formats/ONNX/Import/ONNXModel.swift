internal import ModelGraph

/// An imported ONNX graph with its weights still in their files.
struct ONNXModel: Sendable {
  let source: ONNXFile
  let graph: Graph
  /// How an image becomes the graph's input.
  let input: InputDescription
  /// The name of the output that the graph yields, and those that it could.
  let output: String
  let outputs: [String]
  /// Where the graph's parameters come from.
  private let parameters: [String: ONNXConstant]

  /// Reads the structure of a model.
  ///
  /// - Parameter output: which of its outputs is wanted, if not the usual one.
  /// - Throws: `FormatError` if the file is damaged or its graph cannot be imported.
  init(_ path: String, output: String? = nil) throws(FormatError) {
    source = try ONNXFile(path)
    let imported = try ONNXImporter.run(source, output: output)
    graph = imported.graph
    parameters = imported.parameters
    input = imported.input
    self.output = imported.output
    outputs = imported.outputs
  }

  /// Whether the graph yields what it does unless another output is asked for.
  var isUsualOutput: Bool { output == ONNXImporter.usualOutput(of: outputs) }

  /// Whether the file says how an image becomes the input: integers are taken as they are.
  var isInputTold: Bool {
    source.metadata.input != nil || source.inputs.first?.type?.isInteger ?? false
  }

  /// Reads the weights, one tensor at a time.
  /// - Throws: `FormatError` if a file is missing or too short.
  func readParameters() throws(FormatError) -> [String: Parameter] {
    var result: [String: Parameter] = [:]
    for (name, constant) in parameters {
      let tensor = try constant.read(from: source.file)
      result[name] = Parameter(shape: tensor.shape, values: tensor.floats)
    }
    return result
  }
}
