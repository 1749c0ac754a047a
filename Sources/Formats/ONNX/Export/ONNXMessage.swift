internal import ModelGraph
internal import SwiftProtobuf

/// The bytes of an ONNX file: small messages as they are, and references to the weights, which are never copied
/// into one.
struct ONNXMessage {
  /// Everything before the tensors.
  private let start: [UInt8]
  private let tensors: [Entry]

  /// A tensor of the graph.
  private struct Entry {
    let tensor: ONNXTensor
    /// The header before its values, or all that the file says of them if they are outside.
    let head: [UInt8]
    let isOutside: Bool
  }

  /// Tensors of fewer values are never outside: shapes are inferred from them.
  private static let leastOutside = 1024

  /// - Parameters:
  ///   - location: the name of the file beside this one that holds the weights; nil if this one does.
  ///   - isForTiming: whether all of them are the first values of that file, whatever these are.
  init(
    _ exporter: ONNXExporter, location: String? = nil, isForTiming: Bool = false
  ) throws(FormatError) {
    var tensors: [Entry] = []
    var size = 0
    var offset = 0
    var mostOutside = 0
    for (name, tensor) in exporter.tensors {
      var header = ProtoTensorHeader()
      header.name = name
      header.dims = tensor.shape.map { Int64($0) }
      header.dataType = Int32(tensor.type.rawValue)
      let length = tensor.values.count * tensor.type.size
      let isOutside = location != nil && tensor.values.count >= Self.leastOutside
      if let location, isOutside {
        header.dataLocation = 1
        header.externalData = [
          ProtoStringEntry("location", location), ProtoStringEntry("offset", "\(offset)"),
          ProtoStringEntry("length", "\(length)"),
        ]
        if !isForTiming { offset += length }
        mostOutside = max(mostOutside, tensor.values.count)
      }
      var content = try Self.bytes(header, exporter.file)
      if !isOutside { content += WireFormat.key(of: 9, length: length) }
      let whole = content.count + (isOutside ? 0 : length)
      let head = WireFormat.key(of: 5, length: whole) + content
      size += head.count + whole - content.count
      tensors.append(Entry(tensor: tensor, head: head, isOutside: isOutside))
    }
    let graph = try Self.bytes(exporter.graphMessage, exporter.file)
    start =
      try Self.bytes(exporter.modelMessage, exporter.file)
      + WireFormat.key(of: 7, length: graph.count + size) + graph
    self.tensors = tensors
    count = start.count + size
    self.mostOutside = mostOutside
  }

  /// The size of the file.
  let count: Int
  /// The values of the largest tensor outside.
  let mostOutside: Int

  /// Writes the file.
  func write(_ output: AtomicFile.Output) throws(FormatError) {
    try output.write(start)
    for entry in tensors {
      try output.write(entry.head)
      if !entry.isOutside { try output.write(entry.tensor) }
    }
  }

  /// Writes the file of weights beside it.
  func writeOutside(_ output: AtomicFile.Output) throws(FormatError) {
    for entry in tensors where entry.isOutside { try output.write(entry.tensor) }
  }

  private static func bytes(
    _ message: some SwiftProtobuf.Message, _ file: String
  ) throws(FormatError) -> [UInt8] {
    do {
      return try message.serializedBytes()
    } catch {
      throw FormatError(
        file, "its graph is too large to be written", remedy: "write a smaller model")
    }
  }
}

extension ONNXTensor {
  /// The type in which it is written.
  fileprivate var type: ONNXElementType { integers == nil ? .float : .int64 }
}

extension AtomicFile.Output {
  fileprivate func write(_ tensor: ONNXTensor) throws(FormatError) {
    switch tensor.values {
    case .floats(let values): try write(values)
    case .integers(let values):
      try write(
        values.flatMap { value in
          withUnsafeBytes(of: Int64(value).littleEndian) { Array($0) }
        })
    }
  }
}

extension ONNXExporter {
  /// The graph without its tensors.
  fileprivate var graphMessage: ProtoGraph {
    .with {
      $0.name = model.name.isEmpty ? "model" : model.name
      $0.node = nodes
      $0.input = [
        ProtoValueInfo(
          Self.input, Shape(model.input.storedExtents(of: model.graph.inputShape)))
      ]
      $0.output = [ProtoValueInfo(Self.output, model.graph.nodes[model.graph.output].shape)]
    }
  }

  /// The model without its graph.
  fileprivate var modelMessage: ProtoModel {
    .with {
      // The version of the format that belongs to opset 17.
      $0.irVersion = 8
      $0.producerName = "sculpt"
      $0.opsetImport = [.with { $0.version = Int64(Self.opset) }]
      $0.metadataProps = ONNXMetadata(input: model.input, classes: model.classes).entries
    }
  }
}
