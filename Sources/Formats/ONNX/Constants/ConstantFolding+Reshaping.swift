extension ConstantFolding {
  /// The value of an operator that keeps all values, which are not read for it.
  static func reshaped(
    _ node: ONNXNode, _ inputs: [ONNXConstant?], file: RandomAccessFile
  ) throws -> ONNXConstant? {
    func integers(_ place: Int) throws -> [Int]? {
      guard place < inputs.count, let input = inputs[place], input.count <= 1024 else { return nil }
      return try input.read(from: file).integers
    }
    if node.kind == "ConstantOfShape", let shape = try integers(0) {
      return try uniform(node, shape)
    }
    guard let source = inputs.first ?? nil else { return nil }
    let axes = try node.integers("axes")
    switch node.kind {
    case "Identity", "Dropout": return source
    case "DequantizeLinear":
      // Its numbers are small beside what they scale.
      guard inputs.count > 1, let scale = inputs[1], scale.count <= largestCount,
        inputs.count < 3 || inputs[2]?.count ?? 0 <= largestCount
      else { return nil }
      let zero = inputs.count > 2 ? try inputs[2]?.read(from: file) : nil
      return .dequantized(
        source,
        try Quantization(
          node, scale: try scale.read(from: file), zero: zero, of: source.shape))
    case "Cast": return try node.integer("to") == 1 && !source.isInteger ? source : nil
    case "Transpose":
      let rank = source.shape.count
      let permutation = try node.integers("perm") ?? Array((0..<rank).reversed())
      guard permutation.sorted() == Array(0..<rank) else {
        throw Failure(reason: "transposes \(source.shape) by \(permutation)")
      }
      return source.transposed(permutation)
    case "Reshape":
      guard let wanted = try integers(1) else { return nil }
      return source.reshaped(
        to: try Rules.reshaped(
          source.shape, to: wanted, keepsZeros: try node.integer("allowzero") == 1))
    case "Flatten":
      return source.reshaped(
        to: try Rules.flattened(source.shape, axis: try node.integer("axis") ?? 1))
    case "Squeeze":
      return source.reshaped(
        to: try Rules.squeezed(source.shape, axes: try axes ?? integers(1)))
    case "Unsqueeze":
      guard let axes = try axes ?? integers(1) else { return nil }
      return source.reshaped(to: try Rules.unsqueezed(source.shape, axes: axes))
    case "Expand":
      guard let target = try integers(1) else { return nil }
      let shape = try Rules.broadcast(source.shape, target)
      if case .uniform(let value, _) = source { return .uniform(value, shape: shape) }
      // A class token expanded to a batch of one.
      return shape.reduce(1, *) == source.count ? source.reshaped(to: shape) : nil
    default: return nil
    }
  }

  private static func uniform(_ node: ONNXNode, _ shape: [Int]) throws -> ONNXConstant? {
    let value =
      if let tensor = try node.tensor("value") { tensor } else {
        ONNXTensor([Float(0)], shape: [1])
      }
    guard case .floats(let values) = value.values, values.count == 1 else { return nil }
    guard shape.allSatisfy({ (0...1 << 31).contains($0) }),
      shape.count <= 8, shape.reduce(1.0, { $0 * Double($1) }) <= Double(StoredTensor.largestCount)
    else { throw Failure(reason: "fills a shape \(shape) that cannot be") }
    return .uniform(values[0], shape: shape)
  }
}
