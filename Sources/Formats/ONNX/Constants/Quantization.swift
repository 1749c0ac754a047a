/// How integers stand for real values (ONNX `DequantizeLinear`): `x = (q - zero) * scale`.
struct Quantization: Hashable, Sendable {
  /// One value, or one for each place along `axis`.
  let scale: [Float]
  /// As many as there are scales.
  let zero: [Float]
  /// The axis that has a scale for each place, or for each `block` of places; nil for a single scale.
  let axis: Int?
  /// Places that share a scale, if they are blocks: then scales are shaped as the tensor but for `axis`.
  let block: Int?
  /// The least and the greatest of the integers, if their type is known.
  let range: ClosedRange<Float>?

  /// The real values of integers.
  func dequantized(_ tensor: ONNXTensor) -> ONNXTensor {
    var values = tensor.floats
    for index in values.indices {
      let number = number(of: index, in: tensor.shape)
      values[index] = (values[index] - zero[number]) * scale[number]
    }
    return ONNXTensor(values, shape: tensor.shape)
  }

  /// The integers of real values, halves rounded to even ones.
  func quantized(_ tensor: ONNXTensor, to range: ClosedRange<Float>) -> ONNXTensor {
    let integers = tensor.floats.enumerated().map { index, value in
      let number = number(of: index, in: tensor.shape)
      let integer = (value / scale[number]).rounded(.toNearestOrEven) + zero[number]
      return Int(exactly: min(max(integer, range.lowerBound), range.upperBound)) ?? 0
    }
    return ONNXTensor(integers, shape: tensor.shape)
  }

  /// Which of the scales is that of an element.
  private func number(of index: Int, in shape: [Int]) -> Int {
    guard let axis else { return 0 }
    let inner = shape[(axis + 1)...].reduce(1, *)
    let place = index / inner % shape[axis]
    guard let block else { return place }
    let blocks = (shape[axis] + block - 1) / block
    return (index / (inner * shape[axis]) * blocks + place / block) * inner + index % inner
  }
}

extension Quantization {
  /// Reads scale and zero point of a `QuantizeLinear` or `DequantizeLinear`.
  ///
  /// - Parameter shape: the extents of what is quantised.
  /// - Throws: `ConstantFolding.Failure` if they do not suit it.
  init(
    _ node: ONNXNode, scale: ONNXTensor, zero: ONNXTensor?, of shape: [Int]
  ) throws {
    typealias Failure = ConstantFolding.Failure
    self.scale = scale.floats
    self.zero = zero?.floats ?? [Float](repeating: 0, count: scale.values.count)
    guard self.zero.count == self.scale.count, self.scale.allSatisfy({ $0.isFinite && $0 > 0 })
    else { throw Failure(reason: "has a scale or zero point that cannot be") }
    // Without a zero point the integers are bytes, unless the node says otherwise.
    let named = try node.integer("output_dtype").flatMap { ONNXElementType(rawValue: $0) }
    let type = zero.map(\.elementType) ?? named ?? .uint8
    range = type.flatMap(\.quantizedRange)
    guard self.scale.count != 1 || scale.shape.count > 1 else {
      (axis, block) = (nil, nil)
      return
    }
    let axis = try Rules.axis(try node.integer("axis") ?? 1, rank: shape.count)
    let block = try node.integer("block_size").flatMap { $0 > 0 ? $0 : nil }
    var expected = [shape[axis]]
    if let block {
      expected = shape
      expected[axis] = (shape[axis] + block - 1) / block
    }
    guard scale.shape == expected else {
      throw Failure(reason: "has scales \(scale.shape) for axis \(axis) of \(shape)")
    }
    (self.axis, self.block) = (axis, block)
  }
}
