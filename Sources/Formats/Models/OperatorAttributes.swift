import ModelGraph

extension Operator {
  /// Reads the attributes of a node whose operator is `name`; names and defaults are ONNX's.
  init(_ name: String, reading node: inout ObjectReader) throws(FormatError) {
    switch name {
    case "Conv":
      self = .convolution(
        Convolution(
          outputChannels: try node.integer("output_channels"),
          kernel: Extent(try node.integers("kernel_shape", count: 2)),
          strides: Extent(try node.integers("strides", count: 2, default: [1, 1])),
          pads: Pads(try node.integers("pads", count: 4, default: [0, 0, 0, 0])),
          dilations: Extent(try node.integers("dilations", count: 2, default: [1, 1])),
          groups: try node.integer("group", default: 1),
          weight: try node.string("weight"), bias: try node.optionalString("bias")))
    case "BatchNormalization":
      let norm = BatchNormalization(
        scale: try node.string("scale"), bias: try node.string("bias"),
        mean: try node.string("mean"), variance: try node.string("var"),
        epsilon: try node.float("epsilon", default: 1e-5))
      guard norm.epsilon >= 0 else { throw node.error("'epsilon' must not be negative") }
      self = .batchNormalization(norm)
    case "Relu": self = .relu
    case "Add": self = .add
    case "MaxPool": self = .maxPool(try Pooling(&node, countsPads: false))
    case "AveragePool":
      let countsPads = try node.flag("count_include_pad", default: false)
      self = .averagePool(try Pooling(&node, countsPads: countsPads))
    case "GlobalAveragePool": self = .globalAveragePool
    case "Flatten": self = .flatten
    case "Gemm":
      self = .linear(
        Linear(
          outputFeatures: try node.integer("output_features"),
          weight: try node.string("weight"), bias: try node.optionalString("bias")))
    default:
      throw node.error(
        "the operator \(name.quoted) is not supported",
        remedy: "use Conv, BatchNormalization, Relu, Add, MaxPool, AveragePool, "
          + "GlobalAveragePool, Flatten or Gemm")
    }
  }

  /// The attributes as they are written, those left out that have ONNX's default.
  var attributes: [JSONValue.Member] {
    switch self {
    case .convolution(let conv):
      return [
        .init("output_channels", .integer(conv.outputChannels)),
        .init("kernel_shape", conv.kernel.json),
        .init("strides", conv.strides.json),
        .init("pads", conv.pads.json),
      ] + (conv.dilations == .one ? [] : [.init("dilations", conv.dilations.json)])
        + (conv.groups == 1 ? [] : [.init("group", .integer(conv.groups))])
        + Self.tensors(weight: conv.weight, bias: conv.bias)
    case .batchNormalization(let norm):
      return [
        .init("epsilon", .float(norm.epsilon)),
        .init("scale", .string(norm.scale)),
        .init("bias", .string(norm.bias)),
        .init("mean", .string(norm.mean)),
        .init("var", .string(norm.variance)),
      ]
    case .maxPool(let pooling):
      return pooling.attributes
    case .averagePool(let pooling):
      return pooling.attributes
        + (pooling.countsPads ? [.init("count_include_pad", .integer(1))] : [])
    case .linear(let linear):
      return [.init("output_features", .integer(linear.outputFeatures))]
        + Self.tensors(weight: linear.weight, bias: linear.bias)
    case .input, .relu, .add, .globalAveragePool, .flatten:
      return []
    }
  }

  private static func tensors(weight: String, bias: String?) -> [JSONValue.Member] {
    [.init("weight", .string(weight))] + (bias.map { [.init("bias", .string($0))] } ?? [])
  }
}

extension Pooling {
  fileprivate init(_ node: inout ObjectReader, countsPads: Bool) throws(FormatError) {
    self.init(
      kernel: Extent(try node.integers("kernel_shape", count: 2)),
      strides: Extent(try node.integers("strides", count: 2, default: [1, 1])),
      pads: Pads(try node.integers("pads", count: 4, default: [0, 0, 0, 0])),
      countsPads: countsPads)
  }

  fileprivate var attributes: [JSONValue.Member] {
    [
      .init("kernel_shape", kernel.json), .init("strides", strides.json), .init("pads", pads.json),
    ]
  }
}

extension Extent {
  /// From `[height, width]`.
  fileprivate init(_ values: [Int]) { self.init(values[0], values[1]) }

  fileprivate var json: JSONValue { .array([.integer(height), .integer(width)]) }
}

extension Pads {
  /// From `[top, left, bottom, right]`.
  fileprivate init(_ values: [Int]) {
    self.init(top: values[0], left: values[1], bottom: values[2], right: values[3])
  }

  fileprivate var json: JSONValue { .array([top, left, bottom, right].map(JSONValue.integer)) }
}
