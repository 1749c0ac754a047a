internal import ModelGraph

/// ONNX's operators, one by one. Each function yields the values of a node's outputs.
enum ONNXOperators {
  typealias Value = ONNXImporter.Value
  typealias Failure = ConstantFolding.Failure

  /// Converts one node.
  /// - Throws: `ConstantFolding.Failure` if it cannot be computed, or not with these inputs.
  static func convert(
    _ node: ONNXNode, called name: String, in importer: inout ONNXImporter
  ) throws -> [Value] {
    guard node.domain.isEmpty || node.domain == "com.microsoft" else {
      throw Failure(reason: "belongs to the domain \(node.domain.quoted)")
    }
    if let quantization = try quantization(of: node, in: importer) {
      return try computed(node, name, in: &importer).map {
        var value = $0
        value.quantization = quantization
        return value
      }
    }
    if let activation = try function(node, in: importer) {
      var value = try importer.activation(node)
      if value.batchAxis != nil, value.rank == 1 { value = try importer.whole(value) }
      return [
        try importer.emit(name, .activation(activation), [value], batchAxis: value.batchAxis)
      ]
    }
    return try computed(node, name, in: &importer)
  }

  private static func computed(
    _ node: ONNXNode, _ name: String, in importer: inout ONNXImporter
  ) throws -> [Value] {
    switch node.kind {
    case "Conv": return [try importer.convolution(node, name)]
    case "Gemm": return [try importer.gemm(node, name)]
    case "MatMul": return [try importer.matMul(node, name)]
    case "MultiHeadAttention": return [try importer.attention(node, name)]
    case "BatchNormalization": return [try importer.batchNormalization(node, name)]
    case "LayerNormalization": return try importer.layerNormalization(node, name)
    case "GroupNormalization": return [try importer.groupNormalization(node, name)]
    case "InstanceNormalization": return [try importer.instanceNormalization(node, name)]
    case "MaxPool", "AveragePool": return [try importer.pool(node, name)]
    case "GlobalAveragePool", "GlobalMaxPool": return [try importer.globalPool(node, name)]
    case "ReduceMean", "ReduceSum", "ReduceSumSquare", "ReduceL2":
      return [try importer.reduce(node, name)]
    case "ReduceMax", "ReduceMin": return [try importer.extreme(node, name)]
    case "ArgMax": return [try importer.argMax(node, name)]
    case "Softmax": return [try importer.softmax(node, name)]
    case "PRelu": return [try importer.parametricRelu(node, name)]
    case "Add", "Sub", "Mul", "Div", "Pow":
      return [try importer.arithmetic(node, name, Arithmetic(rawValue: node.kind) ?? .add)]
    case "Sum": return [try importer.combine(node, name, .add)]
    case "Max": return [try importer.combine(node, name, .maximum)]
    case "Min": return [try importer.combine(node, name, .minimum)]
    case "Neg", "Reciprocal": return [try importer.inverse(node, name)]
    case "Identity": return [try importer.activation(node)]
    case "Cast", "CastLike": return [try importer.cast(node)]
    case "QuantizeLinear": return [try importer.quantize(node, name)]
    case "DequantizeLinear": return [try importer.dequantize(node, name)]
    case "DepthToSpace": return [try importer.depthToSpace(node, name)]
    case "SpaceToDepth": return [try importer.spaceToDepth(node, name)]
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze": return [try importer.reshape(node, name)]
    case "Transpose": return [try importer.transpose(node, name)]
    case "Concat": return [try importer.concat(node, name)]
    case "Split": return try importer.split(node, name)
    case "Slice": return [try importer.slice(node, name)]
    case "Gather": return [try importer.gather(node, name)]
    case "GatherND": return [try importer.gatherND(node, name)]
    case "Tile": return [try importer.tile(node, name)]
    case "Expand": return [try importer.expand(node, name)]
    case "Pad": return [try importer.pad(node, name)]
    case "Resize", "Upsample": return [try importer.resize(node, name)]
    default: throw Failure(reason: "is not supported")
    }
  }

  /// A function of single values.
  private static func function(
    _ node: ONNXNode, in importer: ONNXImporter
  ) throws -> Activation? {
    switch node.kind {
    case "Relu": return .relu
    case "LeakyRelu": return .leakyRelu(slope: try node.float("alpha") ?? 0.01)
    case "Clip":
      func bound(_ place: Int, _ name: String) throws -> Float? {
        try node.float(name) ?? importer.tensor(node, place)?.floats.first
      }
      return .clip(
        low: try bound(1, "min") ?? -.infinity, high: try bound(2, "max") ?? .infinity)
    case "Sigmoid": return .sigmoid
    case "HardSigmoid":
      return .hardSigmoid(
        alpha: try node.float("alpha") ?? 0.2, beta: try node.float("beta") ?? 0.5)
    case "HardSwish": return .hardSwish
    case "Gelu": return .gelu(isApproximate: try node.string("approximate") == "tanh")
    case "Tanh": return .tanh
    case "Erf": return .erf
    case "Exp": return .exp
    case "Sqrt": return .sqrt
    default: return nil
    }
  }
}
