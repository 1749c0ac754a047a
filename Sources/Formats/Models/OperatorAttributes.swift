package import ModelGraph

extension Operator {
  /// Reads the attributes of a node whose operator is `name`; names and defaults are ONNX's.
  init(_ name: String, reading node: inout ObjectReader) throws(FormatError) {
    if let arithmetic = Arithmetic(rawValue: name) {
      self = .arithmetic(arithmetic)
      return
    }
    if let activation = try Activation(name, reading: &node) {
      self = .activation(activation)
      return
    }
    switch name {
    case "Constant":
      self = .constant(
        Constant(
          try node.string("value"), shape: Shape(try node.integers("shape")),
          isLearned: try node.flag("learned", default: true)))
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
    case "Gemm":
      self = .linear(
        Linear(
          outputFeatures: try node.integer("output_features"),
          weight: try node.string("weight"), bias: try node.optionalString("bias")))
    case "MatMul": self = .matMul
    case "MultiHeadAttention":
      self = .attention(
        Attention(heads: try node.integer("num_heads"), scale: try node.float("scale")))
    case "BatchNormalization":
      self = .batchNormalization(
        BatchNormalization(
          scale: try node.string("scale"), bias: try node.string("bias"),
          mean: try node.string("mean"), variance: try node.string("var"),
          epsilon: try node.epsilon()))
    case "LayerNormalization":
      self = .layerNormalization(
        LayerNormalization(
          axis: try node.axis(), scale: try node.string("scale"),
          bias: try node.optionalString("bias"), epsilon: try node.epsilon()))
    case "GroupNormalization":
      self = .groupNormalization(
        GroupNormalization(
          groups: try node.integer("num_groups"), scale: try node.string("scale"),
          bias: try node.string("bias"), epsilon: try node.epsilon()))
    case "PRelu":
      self = .parametricRelu(
        slope: Constant(try node.string("slope"), shape: Shape(try node.integers("slope_shape"))))
    case "Softmax": self = .softmax(axis: try node.axis())
    case "MaxPool": self = .maxPool(try Pooling(&node, countsPads: false))
    case "AveragePool":
      let countsPads = try node.flag("count_include_pad", default: false)
      self = .averagePool(try Pooling(&node, countsPads: countsPads))
    case "GlobalAveragePool": self = .globalAveragePool
    case "ReduceMean":
      self = .reduceMean(
        axes: try node.integers("axes"), keepsAxes: try node.flag("keepdims", default: true))
    case "ArgMax":
      self = .argMax(axis: try node.axis(), keepsAxis: try node.flag("keepdims", default: true))
    default:
      self = try Self.rearrangement(name, reading: &node)
    }
  }

  private static func rearrangement(
    _ name: String, reading node: inout ObjectReader
  ) throws(FormatError) -> Operator {
    switch name {
    case "Concat": return .concat(axis: try node.axis())
    case "Slice":
      let starts = try node.integers("starts")
      return .slice(
        Slice(
          starts: starts, counts: try node.integers("counts"),
          steps: try node.integers("steps", default: starts.map { _ in 1 })))
    case "Gather":
      return .gather(
        Gather(
          axis: try node.axis(), indices: try node.integers("indices"),
          indicesShape: try node.integers("indices_shape")))
    case "Flatten": return .flatten
    case "Reshape": return .reshape(Shape(try node.integers("shape")))
    case "Transpose": return .transpose(permutation: try node.integers("perm"))
    case "Expand": return .expand(Shape(try node.integers("shape")))
    case "Pad": return .pad(try Padding(&node))
    case "Resize": return .resize(try Resize(&node))
    case "ChannelShuffle": return .channelShuffle(groups: try node.integer("group"))
    case "Unsupported":
      return .unsupported(
        Unsupported(
          kind: try node.string("kind"), shape: Shape(try node.integers("shape")),
          reason: try node.optionalString("reason") ?? "is not supported"))
    default:
      throw node.error(
        "the operator \(name.quoted) is not supported",
        remedy: "rewrite it with operators that the article ONNX of the module Formats lists")
    }
  }

  /// The name that `init(_:reading:)` knows it by.
  var fileName: String {
    if case .unsupported = self { "Unsupported" } else { name }
  }

  /// The attributes as they are written, those left out that have ONNX's default.
  package var attributes: [JSONValue.Member] {
    switch self {
    case .constant(let constant):
      return [
        .init("value", .string(constant.parameter)), .init("shape", constant.shape.dimensions),
      ] + (constant.isLearned ? [] : [.init("learned", .integer(0))])
    case .convolution(let conv):
      return [
        .init("output_channels", .integer(conv.outputChannels)),
        .init("kernel_shape", conv.kernel.json),
        .init("strides", conv.strides.json),
        .init("pads", conv.pads.json),
      ] + (conv.dilations == .one ? [] : [.init("dilations", conv.dilations.json)])
        + (conv.groups == 1 ? [] : [.init("group", .integer(conv.groups))])
        + Self.tensors(weight: conv.weight, bias: conv.bias)
    case .linear(let linear):
      return [.init("output_features", .integer(linear.outputFeatures))]
        + Self.tensors(weight: linear.weight, bias: linear.bias)
    case .attention(let attention):
      return [
        .init("num_heads", .integer(attention.heads)), .init("scale", .float(attention.scale)),
      ]
    case .batchNormalization(let norm):
      return [
        .init("epsilon", .float(norm.epsilon)),
        .init("scale", .string(norm.scale)),
        .init("bias", .string(norm.bias)),
        .init("mean", .string(norm.mean)),
        .init("var", .string(norm.variance)),
      ]
    case .layerNormalization(let norm):
      return [
        .init("axis", .integer(norm.axis)), .init("epsilon", .float(norm.epsilon)),
        .init("scale", .string(norm.scale)),
      ] + (norm.bias.map { [.init("bias", .string($0))] } ?? [])
    case .groupNormalization(let norm):
      return [
        .init("num_groups", .integer(norm.groups)), .init("epsilon", .float(norm.epsilon)),
        .init("scale", .string(norm.scale)), .init("bias", .string(norm.bias)),
      ]
    case .activation(let activation): return activation.attributes
    case .parametricRelu(let slope):
      return [
        .init("slope", .string(slope.parameter)), .init("slope_shape", slope.shape.dimensions),
      ]
    case .softmax(let axis), .concat(let axis): return [.init("axis", .integer(axis))]
    case .maxPool(let pooling): return pooling.attributes
    case .averagePool(let pooling):
      return pooling.attributes
        + (pooling.countsPads ? [.init("count_include_pad", .integer(1))] : [])
    case .reduceMean(let axes, let keepsAxes):
      return [.init("axes", axes), .init("keepdims", .integer(keepsAxes ? 1 : 0))]
    case .argMax(let axis, let keepsAxis):
      return [.init("axis", .integer(axis)), .init("keepdims", .integer(keepsAxis ? 1 : 0))]
    case .slice(let slice):
      return [
        .init("starts", slice.starts), .init("counts", slice.counts), .init("steps", slice.steps),
      ]
    case .gather(let gather):
      return [
        .init("axis", .integer(gather.axis)), .init("indices", gather.indices),
        .init("indices_shape", gather.indicesShape),
      ]
    case .reshape(let shape), .expand(let shape): return [.init("shape", shape.dimensions)]
    case .transpose(let permutation): return [.init("perm", permutation)]
    case .pad(let padding): return padding.attributes
    case .resize(let resize): return resize.attributes
    case .channelShuffle(let groups): return [.init("group", .integer(groups))]
    case .unsupported(let unsupported):
      return [
        .init("kind", .string(unsupported.kind)), .init("shape", unsupported.shape.dimensions),
        .init("reason", .string(unsupported.reason)),
      ]
    case .input, .matMul, .arithmetic, .globalAveragePool, .flatten:
      return []
    }
  }

  private static func tensors(weight: String, bias: String?) -> [JSONValue.Member] {
    [.init("weight", .string(weight))] + (bias.map { [.init("bias", .string($0))] } ?? [])
  }
}

extension Activation {
  /// The activation of that name with its attributes, or nil if none is called so.
  fileprivate init?(_ name: String, reading node: inout ObjectReader) throws(FormatError) {
    switch name {
    case "Relu": self = .relu
    case "LeakyRelu": self = .leakyRelu(slope: try node.float("alpha", default: 0.01))
    case "Clip":
      self = .clip(
        low: try node.float("min", default: -.infinity),
        high: try node.float("max", default: .infinity))
    case "Sigmoid": self = .sigmoid
    case "HardSigmoid":
      self = .hardSigmoid(
        alpha: try node.float("alpha", default: 0.2), beta: try node.float("beta", default: 0.5))
    case "HardSwish": self = .hardSwish
    case "Silu": self = .silu
    case "Gelu":
      let approximation = try node.optionalString("approximate") ?? "none"
      guard ["none", "tanh"].contains(approximation) else {
        throw node.error("'approximate' is 'none' or 'tanh', not \(approximation.quoted)")
      }
      self = .gelu(isApproximate: approximation == "tanh")
    case "Tanh": self = .tanh
    case "Erf": self = .erf
    case "Exp": self = .exp
    case "Sqrt": self = .sqrt
    default: return nil
    }
  }

  fileprivate var attributes: [JSONValue.Member] {
    switch self {
    case .leakyRelu(let slope): [.init("alpha", .float(slope))]
    case .clip(let low, let high):
      (low.isFinite ? [.init("min", .float(low))] : [])
        + (high.isFinite ? [.init("max", .float(high))] : [])
    case .hardSigmoid(let alpha, let beta):
      [.init("alpha", .float(alpha)), .init("beta", .float(beta))]
    case .gelu(let isApproximate): isApproximate ? [.init("approximate", .string("tanh"))] : []
    default: []
    }
  }
}

extension Pooling {
  fileprivate init(_ node: inout ObjectReader, countsPads: Bool) throws(FormatError) {
    self.init(
      kernel: Extent(try node.integers("kernel_shape", count: 2)),
      strides: Extent(try node.integers("strides", count: 2, default: [1, 1])),
      pads: Pads(try node.integers("pads", count: 4, default: [0, 0, 0, 0])),
      dilations: Extent(try node.integers("dilations", count: 2, default: [1, 1])),
      countsPads: countsPads, roundsUp: try node.flag("ceil_mode", default: false))
  }

  fileprivate var attributes: [JSONValue.Member] {
    [
      .init("kernel_shape", kernel.json), .init("strides", strides.json), .init("pads", pads.json),
    ] + (dilations == .one ? [] : [.init("dilations", dilations.json)])
      + (roundsUp ? [.init("ceil_mode", .integer(1))] : [])
  }
}

extension Padding {
  fileprivate init(_ node: inout ObjectReader) throws(FormatError) {
    let mode = try node.optionalString("mode") ?? "constant"
    let value = try node.float("value", default: 0)
    let modes: [String: Mode] = ["constant": .constant(value), "reflect": .reflect, "edge": .edge]
    guard let mode = modes[mode] else {
      throw node.error("'mode' is 'constant', 'reflect' or 'edge', not \(mode.quoted)")
    }
    self.init(
      before: try node.integers("before"), after: try node.integers("after"), mode: mode)
  }

  fileprivate var attributes: [JSONValue.Member] {
    let pads: [JSONValue.Member] = [.init("before", before), .init("after", after)]
    return switch mode {
    case .constant(let value): pads + [.init("value", .float(value))]
    case .reflect: pads + [.init("mode", .string("reflect"))]
    case .edge: pads + [.init("mode", .string("edge"))]
    }
  }
}

extension Resize {
  fileprivate init(_ node: inout ObjectReader) throws(FormatError) {
    let kind = try node.string("mode")
    let rounding =
      try node.choice("nearest_mode", of: Rounding.self) ?? .roundPreferFloor
    guard let mode = ["nearest": Mode.nearest(rounding), "linear": .linear][kind] else {
      throw node.error("'mode' is 'nearest' or 'linear', not \(kind.quoted)")
    }
    let coordinates =
      try node.choice("coordinate_transformation_mode", of: Coordinates.self) ?? .halfPixel
    var scales: Scales?
    if node.has("scales") {
      let values = try node.floats("scales", default: [])
      guard values.count == 2, values.allSatisfy({ $0 > 0 }) else {
        throw node.error("'scales' must be two positive numbers")
      }
      scales = Scales(height: values[0], width: values[1])
    }
    self.init(
      mode: mode, coordinates: coordinates,
      size: Extent(try node.integers("sizes", count: 2)), scales: scales)
  }

  fileprivate var attributes: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    switch mode {
    case .linear: members.append(.init("mode", .string("linear")))
    case .nearest(let rounding):
      members.append(.init("mode", .string("nearest")))
      members.append(.init("nearest_mode", .string(rounding.rawValue)))
    }
    members.append(.init("coordinate_transformation_mode", .string(coordinates.rawValue)))
    members.append(.init("sizes", size.json))
    if let scales {
      members.append(
        .init("scales", .array([.float(scales.height), .float(scales.width)])))
    }
    return members
  }
}

extension ObjectReader {
  fileprivate mutating func axis() throws(FormatError) -> Int { try integer("axis") }

  fileprivate mutating func epsilon() throws(FormatError) -> Float {
    let epsilon = try float("epsilon", default: 1e-5)
    guard epsilon >= 0 else { throw error("'epsilon' must not be negative") }
    return epsilon
  }

  /// The value of an attribute that names one of some choices, or nil if it is missing.
  fileprivate mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of: Choice.Type
  ) throws(FormatError) -> Choice? where Choice.RawValue == String {
    guard let name = try optionalString(key) else { return nil }
    guard let choice = Choice(rawValue: name) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("'\(key)' is one of \(names), not \(name.quoted)")
    }
    return choice
  }
}

extension JSONValue.Member {
  fileprivate init(_ key: String, _ values: [Int]) {
    self.init(key, .array(values.map(JSONValue.integer)))
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
