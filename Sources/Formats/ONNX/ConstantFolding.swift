internal import Foundation

/// Computes the operators that exporters leave between a graph's shapes and constants.
struct ConstantFolding {
  /// What went wrong, without the file's and node's names.
  struct Failure: Error {
    let reason: String
  }

  /// The most values that a folded operator may yield.
  static let largestCount = 1 << 24

  let node: ONNXNode
  let opset: Int
  let inputs: [ONNXTensor?]

  /// The value of an operator whose inputs are all constant, or nil if it is none that is folded.
  ///
  /// Weights are not read for it if only their shape changes.
  static func fold(
    _ node: ONNXNode, _ inputs: [ONNXConstant?], opset: Int, file: RandomAccessFile
  ) throws -> ONNXConstant? {
    if let constant = try onlyReshaped(node, inputs, opset: opset, file: file) { return constant }
    guard kinds.contains(node.kind) else { return nil }
    var tensors: [ONNXTensor?] = []
    for input in inputs { tensors.append(try input?.read(from: file)) }
    return .known(try ConstantFolding(node: node, opset: opset, inputs: tensors).result())
  }

  private static let kinds: Set<String> = [
    "Constant", "ConstantOfShape", "Shape", "Size", "Gather", "Slice", "Concat", "Cast", "Add", "Sub", "Mul",
    "Div", "Pow", "Mod", "Neg", "Abs", "Sqrt", "Exp", "Floor", "Ceil", "Min", "Max", "Equal", "Greater",
    "Less", "Not", "And", "Or", "Where", "Expand", "Range", "ReduceProd", "Reciprocal",
  ]

  private static func onlyReshaped(
    _ node: ONNXNode, _ inputs: [ONNXConstant?], opset: Int, file: RandomAccessFile
  ) throws -> ONNXConstant? {
    func integers(_ place: Int) throws -> [Int]? {
      guard place < inputs.count, let input = inputs[place] else { return nil }
      return try input.read(from: file).integers
    }
    if node.kind == "ConstantOfShape", let shape = try integers(0) {
      let value =
        if case .tensor(let tensor) = node.attributes["value"] { tensor } else {
          ONNXTensor([Float(0)], shape: [1])
        }
      guard case .floats(let values) = value.values, values.count == 1 else { return nil }
      guard shape.allSatisfy({ (0...1 << 31).contains($0) }),
        shape.count <= 8, shape.reduce(1.0, { $0 * Double($1) }) <= Double(StoredTensor.largestCount)
      else { throw Failure(reason: "fills a shape \(shape) that cannot be") }
      return .uniform(values[0], shape: shape)
    }
    guard let source = inputs.first ?? nil else { return nil }
    let axes = node.integers("axes")
    switch node.kind {
    case "Identity", "Dropout": return source
    case "Cast": return node.integer("to") == 1 && !source.isInteger ? source : nil
    case "Transpose":
      let rank = source.shape.count
      let permutation = node.integers("perm") ?? Array((0..<rank).reversed())
      guard permutation.sorted() == Array(0..<rank) else {
        throw Failure(reason: "transposes \(source.shape) by \(permutation)")
      }
      return .transposed(source, permutation: permutation)
    case "Reshape":
      guard let wanted = try integers(1) else { return nil }
      return .reshaped(
        source,
        shape: try Rules.reshaped(
          source.shape, to: wanted, keepsZeros: node.integer("allowzero") == 1))
    case "Flatten":
      return .reshaped(
        source, shape: try Rules.flattened(source.shape, axis: node.integer("axis") ?? 1))
    case "Squeeze":
      return .reshaped(
        source, shape: try Rules.squeezed(source.shape, axes: try axes ?? integers(1)))
    case "Unsqueeze":
      guard let axes = try axes ?? integers(1) else { return nil }
      return .reshaped(source, shape: try Rules.unsqueezed(source.shape, axes: axes))
    case "Expand":
      guard let target = try integers(1), case .uniform(let value, let shape) = source else {
        return nil
      }
      return .uniform(value, shape: try Rules.broadcast(shape, target))
    default: return nil
    }
  }

  // MARK: Values

  private func result() throws -> ONNXTensor {
    switch node.kind {
    case "Constant": return try constant()
    case "ConstantOfShape":
      guard case .tensor(let tensor) = node.attributes["value"], let value = tensor.integers?.first
      else { throw Failure(reason: "has no value") }
      let shape = try integers(0)
      let count = try Rules.count(shape)
      return ONNXTensor([Int](repeating: value, count: count), shape: shape)
    case "Shape":
      let shape = try tensor(0).shape
      return try Self.shape(shape, node)
    case "Size": return ONNXTensor([try tensor(0).shape.reduce(1, *)], shape: [])
    case "Gather": return try gather()
    case "Slice": return try slice()
    case "Concat": return try concat()
    case "Cast":
      guard let type = ONNXElementType(rawValue: node.integer("to") ?? 0) else {
        throw Failure(reason: "casts to a type that is not read")
      }
      let source = try tensor(0)
      if !type.isInteger { return ONNXTensor(source.floats, shape: source.shape) }
      if let integers = source.integers {
        return ONNXTensor(type == .bool ? integers.map { $0 == 0 ? 0 : 1 } : integers, shape: source.shape)
      }
      return ONNXTensor(
        source.floats.map { type == .bool ? ($0 == 0 ? 0 : 1) : Int(exactly: $0.rounded(.towardZero)) ?? 0 },
        shape: source.shape)
    case "Where":
      let (condition, yes, no) = (try tensor(0), try tensor(1), try tensor(2))
      let shape = try Rules.broadcast(try Rules.broadcast(condition.shape, yes.shape), no.shape)
      let chosen = try expanded(condition, shape).floats
      let (first, second) = (try expanded(yes, shape), try expanded(no, shape))
      if let first = first.integers, let second = second.integers {
        return ONNXTensor(chosen.indices.map { chosen[$0] != 0 ? first[$0] : second[$0] }, shape: shape)
      }
      let (a, b) = (first.floats, second.floats)
      return ONNXTensor(chosen.indices.map { chosen[$0] != 0 ? a[$0] : b[$0] }, shape: shape)
    case "Expand":
      let source = try tensor(0)
      return try expanded(source, Rules.broadcast(source.shape, try integers(1)))
    case "Range":
      let (start, limit, step) = (try integer(0), try integer(1), try integer(2))
      guard step != 0 else { throw Failure(reason: "has a step of 0") }
      let values = Array(stride(from: start, to: limit, by: step).prefix(Self.largestCount))
      return ONNXTensor(values, shape: [values.count])
    case "ReduceProd":
      return ONNXTensor([try integers(0).reduce(1, &*)], shape: node.integer("keepdims") == 0 ? [] : [1])
    case "Neg", "Abs", "Sqrt", "Exp", "Floor", "Ceil", "Not", "Reciprocal": return try unary()
    default: return try binary()
    }
  }

  /// The extents of a value as a vector, or some of them (opset 15).
  static func shape(_ shape: [Int], _ node: ONNXNode) throws -> ONNXTensor {
    func bound(_ name: String, _ usual: Int) -> Int {
      let value = node.integer(name) ?? usual
      return min(max(value < 0 ? value + shape.count : value, 0), shape.count)
    }
    let (start, end) = (bound("start", 0), bound("end", shape.count))
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

  private func gather() throws -> ONNXTensor {
    let (data, indices) = (try tensor(0), try tensor(1))
    let axis = try Rules.axis(node.integer("axis") ?? 0, rank: data.shape.count)
    let extent = data.shape[axis]
    let chosen = try (indices.integers ?? []).map { index in
      guard (-extent..<extent).contains(index) else {
        throw Failure(reason: "gathers index \(index) of an axis of \(extent)")
      }
      return index < 0 ? index + extent : index
    }
    return data.selecting(
      data.shape.indices.map { $0 == axis ? chosen : Array(0..<data.shape[$0]) },
      shape: data.shape[..<axis] + indices.shape + data.shape[(axis + 1)...])
  }

  private func slice() throws -> ONNXTensor {
    let data = try tensor(0)
    let parts = try Rules.slice(
      data.shape, starts: node.integers("starts") ?? integers(1),
      ends: node.integers("ends") ?? integers(2), axes: node.integers("axes") ?? optionalIntegers(3),
      steps: optionalIntegers(4))
    return data.selecting(
      parts.map { part in (0..<part.count).map { part.start + $0 * part.step } },
      shape: parts.map(\.count))
  }

  private func concat() throws -> ONNXTensor {
    let tensors = try inputs.indices.map { try tensor($0) }
    let rank = tensors.first?.shape.count ?? 0
    let axis = try Rules.axis(node.integer("axis") ?? 0, rank: rank)
    let outer = tensors[0].shape[..<axis].reduce(1, *)
    var shape = tensors[0].shape
    shape[axis] = try tensors.reduce(0) { sum, tensor in
      var other = tensor.shape
      guard other.count == rank else { throw Failure(reason: "joins shapes that do not match") }
      other[axis] = shape[axis]
      guard other == tensors[0].shape else {
        throw Failure(reason: "joins shapes that do not match")
      }
      return sum + tensor.shape[axis]
    }
    func joined<Element>(_ values: [[Element]]) -> [Element] {
      (0..<outer).flatMap { row in
        values.flatMap { values in
          let width = values.count / max(outer, 1)
          return values[row * width..<(row + 1) * width]
        }
      }
    }
    if tensors.allSatisfy({ $0.integers != nil }) {
      return ONNXTensor(joined(tensors.map { $0.integers ?? [] }), shape: shape)
    }
    return ONNXTensor(joined(tensors.map(\.floats)), shape: shape)
  }

  private func unary() throws -> ONNXTensor {
    let source = try tensor(0)
    if let integers = source.integers {
      switch node.kind {
      case "Neg": return ONNXTensor(integers.map { 0 &- $0 }, shape: source.shape)
      case "Abs": return ONNXTensor(integers.map { $0 < 0 ? 0 &- $0 : $0 }, shape: source.shape)
      case "Not": return ONNXTensor(integers.map { $0 == 0 ? 1 : 0 }, shape: source.shape)
      default: break
      }
    }
    let function: (Float) -> Float =
      switch node.kind {
      case "Neg": { -$0 }
      case "Abs": { abs($0) }
      case "Sqrt": { $0.squareRoot() }
      case "Exp": { Float(exp(Double($0))) }
      case "Floor": { $0.rounded(.down) }
      case "Ceil": { $0.rounded(.up) }
      case "Reciprocal": { 1 / $0 }
      default: throw Failure(reason: "is not defined for these values")
      }
    return ONNXTensor(source.floats.map(function), shape: source.shape)
  }

  private func binary() throws -> ONNXTensor {
    var result = try tensor(0)
    // Min and Max take any number of inputs.
    for place in inputs.indices.dropFirst() { result = try combined(result, try tensor(place)) }
    return result
  }

  private func combined(_ first: ONNXTensor, _ second: ONNXTensor) throws -> ONNXTensor {
    let shape = try Rules.broadcast(first.shape, second.shape)
    let (first, second) = (try expanded(first, shape), try expanded(second, shape))
    if let first = first.integers, let second = second.integers,
      let values = try integers(first, second)
    {
      return ONNXTensor(values, shape: shape)
    }
    let pairs = zip(first.floats, second.floats)
    func truth(_ holds: (Float, Float) -> Bool) -> ONNXTensor {
      ONNXTensor(pairs.map { holds($0, $1) ? 1 : 0 }, shape: shape)
    }
    func number(_ value: (Float, Float) -> Float) -> ONNXTensor {
      ONNXTensor(pairs.map { value($0, $1) }, shape: shape)
    }
    switch node.kind {
    case "Add": return number(+)
    case "Sub": return number(-)
    case "Mul": return number(*)
    case "Div": return number(/)
    case "Pow": return number { Float(pow(Double($0), Double($1))) }
    case "Min": return number { min($0, $1) }
    case "Max": return number { max($0, $1) }
    case "Equal": return truth(==)
    case "Greater": return truth(>)
    case "Less": return truth(<)
    default: throw Failure(reason: "is not defined for these values")
    }
  }

  private func integers(_ first: [Int], _ second: [Int]) throws -> [Int]? {
    let pairs = zip(first, second)
    switch node.kind {
    case "Add": return pairs.map { $0 &+ $1 }
    case "Sub": return pairs.map { $0 &- $1 }
    case "Mul": return pairs.map { $0 &* $1 }
    case "Div", "Mod":
      guard second.allSatisfy({ $0 != 0 }) else { throw Failure(reason: "divides by zero") }
      return node.kind == "Div"
        ? pairs.map { $0.dividedReportingOverflow(by: $1).partialValue }
        : pairs.map { first, second in
          let rest = first.remainderReportingOverflow(dividingBy: second).partialValue
          return rest != 0 && (rest < 0) != (second < 0) ? rest + second : rest
        }
    case "Min": return pairs.map { min($0, $1) }
    case "Max": return pairs.map { max($0, $1) }
    case "Equal": return pairs.map { $0 == $1 ? 1 : 0 }
    case "Greater": return pairs.map { $0 > $1 ? 1 : 0 }
    case "Less": return pairs.map { $0 < $1 ? 1 : 0 }
    case "And": return pairs.map { $0 != 0 && $1 != 0 ? 1 : 0 }
    case "Or": return pairs.map { $0 != 0 || $1 != 0 ? 1 : 0 }
    default: return nil
    }
  }

  // MARK: Inputs

  private func tensor(_ place: Int) throws -> ONNXTensor {
    guard place < inputs.count, let tensor = inputs[place] else {
      throw Failure(reason: "lacks its input \(place + 1)")
    }
    return tensor
  }

  private func integers(_ place: Int) throws -> [Int] {
    guard let integers = try tensor(place).integers else {
      throw Failure(reason: "needs integers as its input \(place + 1)")
    }
    return integers
  }

  private func optionalIntegers(_ place: Int) throws -> [Int]? {
    place < inputs.count && inputs[place] != nil ? try integers(place) : nil
  }

  private func integer(_ place: Int) throws -> Int {
    guard let value = try integers(place).first else {
      throw Failure(reason: "needs a number as its input \(place + 1)")
    }
    return value
  }

  private func expanded(_ tensor: ONNXTensor, _ shape: [Int]) throws -> ONNXTensor {
    if tensor.shape == shape { return tensor }
    _ = try Rules.count(shape)
    guard let result = tensor.broadcast(to: shape) else {
      throw Failure(reason: "broadcasts \(tensor.shape) to \(shape)")
    }
    return result
  }
}

extension ONNXConstant {
  fileprivate var isInteger: Bool {
    switch self {
    case .known(let tensor): tensor.integers != nil
    case .stored(let tensor): tensor.type.isInteger
    case .uniform: false
    case .reshaped(let constant, _), .transposed(let constant, _), .scaled(let constant, _):
      constant.isInteger
    }
  }
}

extension ONNXTensor {
  /// The values at the crossings of the chosen indices of each axis.
  func selecting(_ selection: [[Int]], shape target: [Int]) -> ONNXTensor {
    var places = [0]
    for (axis, indices) in selection.enumerated() {
      places = places.flatMap { place in indices.map { place * shape[axis] + $0 } }
    }
    return gathering(places, shape: target)
  }
}
