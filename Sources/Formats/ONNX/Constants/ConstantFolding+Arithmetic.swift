internal import Foundation

extension ConstantFolding {
  /// Functions of one number.
  static let functions: [String: @Sendable (Float) -> Float] = [
    "Neg": { -$0 },
    "Abs": { abs($0) },
    "Sqrt": { $0.squareRoot() },
    "Exp": { Float(exp(Double($0))) },
    "Log": { Float(log(Double($0))) },
    "Sin": { Float(sin(Double($0))) },
    "Cos": { Float(cos(Double($0))) },
    "Tanh": { Float(tanh(Double($0))) },
    "Erf": { Float(erf(Double($0))) },
    "Sigmoid": { Float(1 / (1 + exp(-Double($0)))) },
    "Relu": { max($0, 0) },
    "Floor": { $0.rounded(.down) },
    "Ceil": { $0.rounded(.up) },
    "Round": { $0.rounded(.toNearestOrEven) },
    "Sign": { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
    "Reciprocal": { 1 / $0 },
  ]

  /// Functions of two numbers; all but the differences and quotients take any number of inputs.
  static let operations: [String: @Sendable (Float, Float) -> Float] = [
    "Add": { $0 + $1 },
    "Sum": { $0 + $1 },
    "Sub": { $0 - $1 },
    "Mul": { $0 * $1 },
    "Div": { $0 / $1 },
    "Pow": { Float(pow(Double($0), Double($1))) },
    "Mod": { fmod($0, $1) },
    "Min": { min($0, $1) },
    "Max": { max($0, $1) },
  ]

  /// Comparisons of two numbers.
  static let comparisons: [String: @Sendable (Float, Float) -> Bool] = [
    "Equal": { $0 == $1 },
    "Greater": { $0 > $1 },
    "GreaterOrEqual": { $0 >= $1 },
    "Less": { $0 < $1 },
    "LessOrEqual": { $0 <= $1 },
  ]

  func elementwise() throws -> ONNXTensor {
    if let function = Self.functions[node.kind] { return try mapped(function) }
    if node.kind == "Not" {
      let source = try tensor(0)
      return ONNXTensor(source.floats.map { $0 == 0 ? 1 : 0 }, shape: source.shape)
    }
    var result = try tensor(0)
    for place in inputs.indices.dropFirst() { result = try combined(result, try tensor(place)) }
    return result
  }

  private func mapped(_ function: (Float) -> Float) throws -> ONNXTensor {
    let source = try tensor(0)
    guard let integers = source.integers else {
      return ONNXTensor(source.floats.map(function), shape: source.shape)
    }
    return switch node.kind {
    case "Neg": ONNXTensor(integers.map { 0 &- $0 }, shape: source.shape)
    case "Abs": ONNXTensor(integers.map { $0 < 0 ? 0 &- $0 : $0 }, shape: source.shape)
    case "Sign": ONNXTensor(integers.map { $0.signum() }, shape: source.shape)
    case "Relu": ONNXTensor(integers.map { max($0, 0) }, shape: source.shape)
    default: throw Failure(reason: "is not defined for integers")
    }
  }

  private func combined(_ first: ONNXTensor, _ second: ONNXTensor) throws -> ONNXTensor {
    let shape = try Rules.broadcast(first.shape, second.shape)
    let (first, second) = (try expanded(first, shape), try expanded(second, shape))
    if let first = first.integers, let second = second.integers {
      return ONNXTensor(try integers(first, second), shape: shape)
    }
    let pairs = zip(first.floats, second.floats)
    if let holds = Self.comparisons[node.kind] {
      return ONNXTensor(pairs.map { holds($0, $1) ? 1 : 0 }, shape: shape)
    }
    guard let operation = Self.operations[node.kind] else {
      throw Failure(reason: "is not defined for these values")
    }
    let result = ONNXTensor(pairs.map(operation), shape: shape)
    // A power is of the base's type.
    return first.integers == nil ? result : result.rounded
  }

  private func integers(_ first: [Int], _ second: [Int]) throws -> [Int] {
    let pairs = zip(first, second)
    switch node.kind {
    case "Add", "Sum": return pairs.map { $0 &+ $1 }
    case "Sub": return pairs.map { $0 &- $1 }
    case "Mul": return pairs.map { $0 &* $1 }
    case "Div", "Mod":
      guard second.allSatisfy({ $0 != 0 }) else { throw Failure(reason: "divides by zero") }
      return try node.kind == "Div" ? pairs.map(quotient) : pairs.map(remainder)
    case "Pow":
      return pairs.map { Int(exactly: pow(Double($0), Double($1)).rounded(.towardZero)) ?? 0 }
    case "Min": return pairs.map { min($0, $1) }
    case "Max": return pairs.map { max($0, $1) }
    case "Equal": return pairs.map { $0 == $1 ? 1 : 0 }
    case "Greater": return pairs.map { $0 > $1 ? 1 : 0 }
    case "GreaterOrEqual": return pairs.map { $0 >= $1 ? 1 : 0 }
    case "Less": return pairs.map { $0 < $1 ? 1 : 0 }
    case "LessOrEqual": return pairs.map { $0 <= $1 ? 1 : 0 }
    case "And": return pairs.map { $0 != 0 && $1 != 0 ? 1 : 0 }
    case "Or": return pairs.map { $0 != 0 || $1 != 0 ? 1 : 0 }
    case "Xor": return pairs.map { ($0 != 0) != ($1 != 0) ? 1 : 0 }
    default: throw Failure(reason: "is not defined for integers")
    }
  }

  private func quotient(_ first: Int, _ second: Int) -> Int {
    first.dividedReportingOverflow(by: second).partialValue
  }

  /// The sign is the divisor's, as Python's; C's with `fmod`.
  private func remainder(_ first: Int, _ second: Int) throws -> Int {
    let rest = first.remainderReportingOverflow(dividingBy: second).partialValue
    let isC = try node.integer("fmod") == 1
    return !isC && rest != 0 && (rest < 0) != (second < 0) ? rest + second : rest
  }

  // MARK: Choices

  func clipped() throws -> ONNXTensor {
    let source = try tensor(0)
    func bound(_ place: Int, _ name: String) throws -> ONNXTensor? {
      try optional(place) ?? node.float(name).map { ONNXTensor([$0], shape: []) }
    }
    let (low, high) = (try bound(1, "min"), try bound(2, "max"))
    if let integers = source.integers {
      let low = low?.integers?.first ?? .min
      let high = high?.integers?.first ?? .max
      return ONNXTensor(integers.map { min(max($0, low), high) }, shape: source.shape)
    }
    let (least, most) = (low?.floats.first ?? -.infinity, high?.floats.first ?? .infinity)
    return ONNXTensor(source.floats.map { min(max($0, least), most) }, shape: source.shape)
  }

  func chosen() throws -> ONNXTensor {
    let (condition, yes, no) = (try tensor(0), try tensor(1), try tensor(2))
    let shape = try Rules.broadcast(try Rules.broadcast(condition.shape, yes.shape), no.shape)
    let holds = try expanded(condition, shape).floats.map { $0 != 0 }
    let (first, second) = (try expanded(yes, shape), try expanded(no, shape))
    func chosen<Number>(_ first: [Number], _ second: [Number]) -> [Number] {
      holds.indices.map { holds[$0] ? first[$0] : second[$0] }
    }
    if let first = first.integers, let second = second.integers {
      return ONNXTensor(chosen(first, second), shape: shape)
    }
    return ONNXTensor(chosen(first.floats, second.floats), shape: shape)
  }

  func cast(to type: ONNXElementType?) throws -> ONNXTensor {
    guard let type else { throw Failure(reason: "casts to a type that is not read") }
    let source = try tensor(0)
    if !type.isInteger { return ONNXTensor(source.floats, shape: source.shape) }
    if type == .bool {
      return ONNXTensor(source.floats.map { $0 == 0 ? 0 : 1 }, shape: source.shape)
    }
    var result = source.rounded
    result.elementType = type
    return result
  }
}

extension ONNXTensor {
  /// As integers, fractions left out.
  fileprivate var rounded: ONNXTensor {
    guard case .floats(let values) = values else { return self }
    return ONNXTensor(
      values.map { Int(exactly: $0.rounded(.towardZero)) ?? 0 }, shape: shape)
  }
}
