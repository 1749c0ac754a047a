internal import ModelGraph

/// Quantised networks are read as those that they stand for: activations are the real values all along,
/// clipped to what their integers can hold but not rounded.
extension ONNXImporter {
  mutating func quantize(_ node: ONNXNode, _ name: String) throws -> Value {
    let value = try activation(node)
    let quantization = try quantization(node, of: value.extents)
    var result = try clipped(value, to: quantization, name)
    result.quantization = quantization
    return result
  }

  /// `DynamicQuantizeLinear`: real values stand for themselves, with a scale of 1 and a zero point of 0.
  mutating func dynamicallyQuantized(_ node: ONNXNode) throws -> [Binding] {
    var value = try activation(node)
    value.quantization = Quantization(scale: [1], zero: [0], axis: nil, block: nil, range: nil)
    return [
      .activation(value), .constant(.known(ONNXTensor([Float(1)], shape: []))),
      .constant(.known(ONNXTensor([0], shape: []))),
    ]
  }

  mutating func dequantize(_ node: ONNXNode, _ name: String) throws -> Value {
    var value = try activation(node)
    let quantization = try quantization(node, of: value.extents)
    if let own = value.quantization {
      guard own.scale == quantization.scale, own.zero == quantization.zero,
        own.axis == quantization.axis
      else { throw Failure(reason: "has another scale or zero point than what it reads") }
      value.quantization = nil
      return value
    }
    // Integers that the network is given.
    let shape = value.extents
    let zero = try spread(quantization.zero, quantization, shape)
    let scale = try spread(quantization.scale, quantization, shape)
    let centred = try arithmetic(
      .subtract, "\(name).zero", value, zero, "\(name).zero", isSwapped: false)
    return try arithmetic(.multiply, name, centred, scale, "\(name).scale", isSwapped: false)
  }

  /// The value as the file yields it: as integers, not rounded, if it is quantised.
  mutating func quantized(_ value: Value) throws -> Value {
    guard let quantization = value.quantization else { return value }
    let name = value.node
    let scale = try spread(quantization.scale, quantization, value.extents)
    let zero = try spread(quantization.zero, quantization, value.extents)
    let steps = try arithmetic(
      .divide, "\(name).steps", value, scale, "\(name).scale", isSwapped: false)
    return try arithmetic(
      .add, "\(name).integers", steps, zero, "\(name).zero", isSwapped: false)
  }

  private func quantization(_ node: ONNXNode, of shape: [Int]) throws -> Quantization {
    guard let scale = try tensor(node, 1) else { throw Failure(reason: "has no scale") }
    return try Quantization(node, scale: scale, zero: tensor(node, 2), of: shape)
  }

  /// One number for each place of the quantisation's axis, to be broadcast.
  private func spread(
    _ numbers: [Float], _ quantization: Quantization, _ shape: [Int]
  ) throws -> ONNXConstant {
    guard let axis = quantization.axis else {
      return .known(ONNXTensor(numbers, shape: []))
    }
    guard quantization.block == nil else { throw Failure(reason: "quantises in blocks") }
    var extents = shape.map { _ in 1 }
    extents[axis] = numbers.count
    return .known(ONNXTensor(numbers, shape: extents))
  }

  private mutating func clipped(
    _ value: Value, to quantization: Quantization, _ name: String
  ) throws -> Value {
    guard let range = quantization.range else { return value }
    let pairs = zip(quantization.scale, quantization.zero)
    let low = pairs.map { (range.lowerBound - $1) * $0 }
    let high = pairs.map { (range.upperBound - $1) * $0 }
    guard quantization.axis != nil else {
      return try emit(
        name, .activation(.clip(low: low[0], high: high[0])), [value], batchAxis: value.batchAxis)
    }
    let least = try arithmetic(
      .maximum, "\(name).low", value, spread(low, quantization, value.extents), "\(name).low",
      isSwapped: false)
    return try arithmetic(
      .minimum, name, least, spread(high, quantization, value.extents), "\(name).high",
      isSwapped: false)
  }
}

extension ONNXOperators {
  /// Operators that do the same to integers as to what they stand for, if all have one scale.
  private static let keepsQuantization: Set<String> = [
    "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Concat", "Split", "Slice", "Gather",
    "Tile", "Expand", "MaxPool", "GlobalMaxPool", "Identity", "DepthToSpace", "SpaceToDepth",
  ]

  /// The quantisation that a node's results have as what it reads has; nil if that is not quantised.
  /// - Throws: `ConstantFolding.Failure` if it computes with integers as such.
  static func quantization(
    of node: ONNXNode, in importer: ONNXImporter
  ) throws -> Quantization? {
    let values: [Value] = node.inputs.compactMap {
      if case .activation(let value) = importer.bindings[$0] { value } else { nil }
    }
    guard let first = values.first(where: { $0.quantization != nil })?.quantization,
      node.kind != "DequantizeLinear"
    else { return nil }
    guard keepsQuantization.contains(node.kind), first.axis == nil,
      values.allSatisfy({ $0.quantization == first })
    else { throw Failure(reason: "computes with quantised values") }
    return first
  }
}
