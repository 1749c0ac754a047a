internal import Foundation
internal import SwiftProtobuf

/// The graph in an ONNX file, its weights still on the disk.
struct ONNXFile: Sendable {
  let file: RandomAccessFile
  let nodes: [ONNXNode]
  /// Trained tensors by name.
  let initializers: [String: StoredTensor]
  /// The inputs of the graph, initializers left out.
  let inputs: [ONNXValue]
  /// The output.
  let outputs: [ONNXValue]
  /// Shapes that the file tells of values between, by name.
  let shapes: [String: [Int]]
  /// The version of the standard operators.
  let opset: Int
  /// The file's words on its input's scale and its classes.
  let metadata: ONNXMetadata

  var path: String { file.path }

  /// The images that the graph is made for, if the file fixes that; otherwise 1.
  var batch: Int {
    guard let shape = inputs.first?.shape, shape.count == 4, let batch = shape[0] else { return 1 }
    return max(batch, 1)
  }

  /// Whether the graph is made for one image at a time: what it computes across its batch is then of that image.
  var isOfOneImage: Bool { inputs.first?.shape?.first == 1 }

  /// Reads everything but the weights.
  /// - Throws: `FormatError` if the file is no ONNX model.
  init(_ path: String) throws(FormatError) {
    file = try RandomAccessFile(path)
    // The model without its graph, the graph without its initializers.
    var outer: [UInt8] = []
    var inner: [UInt8] = []
    var initializers: [String: StoredTensor] = [:]
    var names = DistinctNames()
    var fields = WireFormat(file, 0..<file.count)
    while let field = try fields.next() {
      guard field.number == 7, let graph = field.content else {
        // Functions and training information are not read.
        if field.number < 9 || field.number == 14 { outer += try file.read(field.whole) }
        continue
      }
      var parts = WireFormat(file, graph)
      while let part = try parts.next() {
        switch (part.number, part.content) {
        case (5, let content?):
          let tensor = try StoredTensor(file, content, names: &names)
          initializers[tensor.name] = tensor
        case (1, _), (2, _), (11, _), (12, _), (13, _): inner += try file.read(part.whole)
        default: break
        }
      }
    }
    let model: ProtoModel
    let graph: ProtoGraph
    do {
      model = try ProtoModel(serializedBytes: outer)
      graph = try ProtoGraph(serializedBytes: inner)
    } catch {
      throw Self.damaged(path)
    }
    guard model.irVersion > 0, !graph.node.isEmpty else { throw Self.damaged(path) }
    opset =
      model.opsetImport.first { ["", "ai.onnx"].contains($0.domain) }.map { Int($0.version) } ?? 0
    guard opset >= 7 else {
      throw FormatError(
        path, "uses opset \(opset) of ONNX's operators, too old to be read",
        remedy: "export it with opset 11 to 20")
    }
    nodes = graph.node.map { ONNXNode($0, file: path, names: &names) }
    self.initializers = initializers
    inputs = graph.input.map { ONNXValue($0, names: &names) }
      .filter { initializers[$0.name] == nil }
    outputs = graph.output.map { ONNXValue($0, names: &names) }
    let values = graph.valueInfo.map { ONNXValue($0, names: &names) } + outputs
    shapes = Dictionary(
      values.compactMap { value in value.knownShape.map { (value.name, $0) } }
    ) { $1 }
    metadata = try ONNXMetadata(model.metadataProps, file: path)
  }

  private static func damaged(_ path: String) -> FormatError {
    FormatError(path, "is no ONNX model, or a damaged one", remedy: "export or copy it again")
  }

  /// The files that the model consists of: its own and those that hold its tensors.
  var files: [String] {
    let external = initializers.values.compactMap { tensor in
      if case .external(let path, _, _) = tensor.place { path } else { nil as String? }
    }
    return [path] + Set(external).sorted()
  }
}

/// A value's name, type and shape.
struct ONNXValue: Sendable {
  let name: String
  /// The type of its elements; nil for one that is not read, or none that is told.
  let type: ONNXElementType?
  /// The extents, nil for those that are named or unknown; nil if nothing is said of the shape.
  let shape: [Int?]?

  init(_ info: ProtoValueInfo, names: inout DistinctNames) {
    name = names(info.name)
    type = ONNXElementType(rawValue: Int(info.type.tensorType.elemType))
    shape =
      info.type.tensorType.hasShape
      ? info.type.tensorType.shape.dim.map { $0.hasDimValue ? Int($0.dimValue) : nil } : nil
  }

  /// The shape, an unknown first extent taken as 1; nil if others are unknown.
  var knownShape: [Int]? {
    guard let shape else { return nil }
    var known: [Int] = []
    for (axis, extent) in shape.enumerated() {
      guard let extent = extent ?? (axis == 0 ? 1 : nil), extent > 0 else { return nil }
      known.append(extent)
    }
    return known
  }
}
