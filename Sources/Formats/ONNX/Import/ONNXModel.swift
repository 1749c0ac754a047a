internal import ModelGraph

/// An imported ONNX graph with its weights still in their files.
struct ONNXModel: Sendable {
  let source: ONNXFile
  let graph: Graph
  /// Where the graph's parameters come from.
  private let parameters: [String: ONNXConstant]

  /// Reads the structure of a model.
  /// - Throws: `FormatError` if the file is damaged or its graph cannot be imported.
  init(_ path: String) throws(FormatError) {
    source = try ONNXFile(path)
    let imported = try ONNXImporter.run(source)
    graph = imported.graph
    parameters = imported.parameters
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
