/// Computes the operators that exporters leave between a graph's shapes and constants.
struct ConstantFolding {
  /// The fault, without the file's and node's names.
  struct Failure: Error {
    let reason: String
  }

  /// The most values that a folded operator may yield, unless it reads as many.
  static let largestCount = 1 << 22

  let node: ONNXNode
  let opset: Int
  let inputs: [ONNXTensor?]

  /// The values of an operator whose inputs are all constant, or nil if it is none that is folded.
  ///
  /// Weights are not read for it if only their shape changes. What is read and yielded is taken from
  /// `budget`, counted in values, so that a small file cannot fill the memory.
  static func fold(
    _ node: ONNXNode, _ inputs: [ONNXConstant?], opset: Int, file: RandomAccessFile,
    budget: inout Int
  ) throws -> [ONNXConstant]? {
    if let constant = try reshaped(node, inputs, file: file) {
      guard constant.depth <= 16 else {
        throw Failure(reason: "reshapes and transposes a constant too many times")
      }
      return [constant]
    }
    guard kinds.contains(node.kind) else { return nil }
    budget -= inputs.reduce(0) { $0 + ($1?.count ?? 0) }
    guard budget >= 0 else { throw Failure(reason: "makes too much of too little") }
    var tensors: [ONNXTensor?] = []
    for input in inputs { tensors.append(try input?.read(from: file)) }
    let folding = ConstantFolding(node: node, opset: opset, inputs: tensors)
    let results = node.kind == "Split" ? try folding.split() : [try folding.result()]
    for result in results { budget -= result.values.count }
    return results.map { .known($0) }
  }

  /// The operators that are folded beside those that only change shapes.
  private static let kinds: Set<String> = Set(functions.keys).union(operations.keys)
    .union(comparisons.keys).union(reductions.keys).union([
      "Constant", "ConstantOfShape", "Shape", "Size", "Cast", "CastLike", "Clip", "Not", "And",
      "Or", "Xor",
      "Where", "Range", "Gather", "Slice", "Concat", "Split", "Expand", "Tile", "ScatterND",
      "GatherND", "CumSum", "Trilu", "QuantizeLinear", "BatchNormalization",
    ])

  private func result() throws -> ONNXTensor {
    if let reduction = Self.reductions[node.kind] { return try reduced(reduction) }
    switch node.kind {
    case "Constant": return try constant()
    case "ConstantOfShape": return try filled()
    case "Shape": return try Self.shape(try tensor(0).shape, node)
    case "Size": return ONNXTensor([try tensor(0).shape.reduce(1, *)], shape: [])
    case "Cast": return try cast(to: ONNXElementType(rawValue: try node.integer("to") ?? 0))
    case "CastLike": return try cast(to: try tensor(1).integers == nil ? .float : .int64)
    case "Clip": return try clipped()
    case "Where": return try chosen()
    case "Range": return try range()
    case "Gather": return try gather()
    case "Slice": return try slice()
    case "Concat": return try concat()
    case "Expand":
      let source = try tensor(0)
      return try expanded(source, Rules.broadcast(source.shape, try integers(1)))
    case "Tile": return try tiled()
    case "ScatterND": return try scattered()
    case "GatherND": return try gatheredND()
    case "CumSum": return try summedUp()
    case "Trilu": return try triangle()
    case "QuantizeLinear": return try quantized()
    case "BatchNormalization": return try normalized()
    default: return try elementwise()
    }
  }

  // MARK: Sources

  /// The extents of a value as a vector, or some of them (opset 15).
  static func shape(_ shape: [Int], _ node: ONNXNode) throws -> ONNXTensor {
    func bound(_ name: String, _ usual: Int) throws -> Int {
      let value = try node.integer(name) ?? usual
      return min(max(value < 0 ? value + shape.count : value, 0), shape.count)
    }
    let (start, end) = (try bound("start", 0), try bound("end", shape.count))
    let part = Array(shape[start..<max(start, end)])
    return ONNXTensor(part, shape: [part.count])
  }

  private func constant() throws -> ONNXTensor {
    for (name, attribute) in node.attributes {
      switch (name, attribute) {
      case ("value", .tensor(let tensor)): return tensor
      case ("value_float", .float(let value)): return ONNXTensor([value], shape: [])
      case ("value_int", .integer(let value)): return ONNXTensor([value], shape: [])
      case ("value_floats", .floats(let values)): return ONNXTensor(values, shape: [values.count])
      case ("value_ints", .integers(let values)): return ONNXTensor(values, shape: [values.count])
      default: break
      }
    }
    throw Failure(reason: "holds no numbers")
  }

  /// A `ConstantOfShape` of integers; floats stay unfilled, as they may be weights.
  private func filled() throws -> ONNXTensor {
    guard let tensor = try node.tensor("value"), let value = tensor.integers?.first
    else { throw Failure(reason: "has no value") }
    let shape = try integers(0)
    return ONNXTensor([Int](repeating: value, count: try Rules.count(shape)), shape: shape)
  }

  private func range() throws -> ONNXTensor {
    func values<Number: Strideable & SignedNumeric & Comparable>(
      _ bounds: [Number]
    ) throws -> [Number] where Number.Stride == Number {
      guard bounds[2] != 0 else { throw Failure(reason: "has a step of 0") }
      return Array(stride(from: bounds[0], to: bounds[1], by: bounds[2]).prefix(Self.largestCount))
    }
    let bounds = try (0..<3).map { try tensor($0) }
    guard bounds.allSatisfy({ $0.values.count == 1 }) else {
      throw Failure(reason: "needs numbers as its bounds")
    }
    let integers = bounds.compactMap(\.integers?.first)
    if integers.count == 3 {
      let values = try values(integers)
      return ONNXTensor(values, shape: [values.count])
    }
    let values = try values(bounds.flatMap(\.floats))
    return ONNXTensor(values, shape: [values.count])
  }

  // MARK: Inputs

  func tensor(_ place: Int) throws -> ONNXTensor {
    guard place < inputs.count, let tensor = inputs[place] else {
      throw Failure(reason: "lacks its input \(place + 1)")
    }
    return tensor
  }

  /// An input that may be left out.
  func optional(_ place: Int) -> ONNXTensor? { place < inputs.count ? inputs[place] : nil }

  func integers(_ place: Int) throws -> [Int] {
    guard let integers = try tensor(place).integers else {
      throw Failure(reason: "needs integers as its input \(place + 1)")
    }
    return integers
  }

  func optionalIntegers(_ place: Int) throws -> [Int]? {
    optional(place) == nil ? nil : try integers(place)
  }

  func expanded(_ tensor: ONNXTensor, _ shape: [Int]) throws -> ONNXTensor {
    if tensor.shape == shape { return tensor }
    if !inputs.contains(where: { $0?.shape == shape }) { _ = try Rules.count(shape) }
    guard let result = tensor.broadcast(to: shape) else {
      throw Failure(reason: "broadcasts \(tensor.shape) to \(shape)")
    }
    return result
  }
}
