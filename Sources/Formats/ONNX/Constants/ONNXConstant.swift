/// A value that does not depend on the graph's input. Weights stay on the disk until they are wanted,
/// whatever is done to their shape on the way.
indirect enum ONNXConstant: Sendable {
  case known(ONNXTensor)
  case stored(StoredTensor)
  /// `ConstantOfShape`.
  case uniform(Float, shape: [Int])
  case reshaped(ONNXConstant, shape: [Int])
  case transposed(ONNXConstant, permutation: [Int])
  /// Every value multiplied, as Gemm's `alpha` does.
  case scaled(ONNXConstant, by: Float)
  /// `DequantizeLinear`: the real values that integers stand for.
  case dequantized(ONNXConstant, Quantization)

  /// Axis a of the result is axis `permutation[a]`; what was transposed already is so only once.
  func transposed(_ permutation: [Int]) -> ONNXConstant {
    guard case .transposed(let source, let inner) = self else {
      return .transposed(self, permutation: permutation)
    }
    let both = permutation.map { inner[$0] }
    return both == Array(both.indices) ? source : .transposed(source, permutation: both)
  }

  /// The same values under another shape.
  func reshaped(to shape: [Int]) -> ONNXConstant {
    if case .reshaped(let source, _) = self { return source.reshaped(to: shape) }
    return shape == self.shape ? self : .reshaped(self, shape: shape)
  }

  /// How many steps lead to where the values are; a file decides, and each is a call.
  var depth: Int {
    switch self {
    case .known, .stored, .uniform: 0
    case .reshaped(let constant, _), .transposed(let constant, _), .scaled(let constant, _),
      .dequantized(let constant, _):
      1 + constant.depth
    }
  }

  /// The extents.
  var shape: [Int] {
    switch self {
    case .known(let tensor): tensor.shape
    case .stored(let tensor): tensor.shape
    case .uniform(_, let shape), .reshaped(_, let shape): shape
    case .transposed(let constant, let permutation): permutation.map { constant.shape[$0] }
    case .scaled(let constant, _), .dequantized(let constant, _): constant.shape
    }
  }

  /// Whether the values are integers or truth values.
  var isInteger: Bool {
    switch self {
    case .known(let tensor): tensor.integers != nil
    case .stored(let tensor): tensor.type.isInteger
    case .uniform, .dequantized: false
    case .reshaped(let constant, _), .transposed(let constant, _), .scaled(let constant, _):
      constant.isInteger
    }
  }

  /// The file's name of the tensor that this is made of, if it is one.
  var origin: String? {
    switch self {
    case .known, .uniform: nil
    case .stored(let tensor): tensor.name
    case .reshaped(let constant, _), .transposed(let constant, _), .scaled(let constant, _):
      constant.origin
    // As it was called before it was quantised.
    case .dequantized(let constant, _):
      constant.origin.map { $0.hasSuffix("_quantized") ? String($0.dropLast(10)) : $0 }
    }
  }

  /// The number of values.
  var count: Int { shape.reduce(1, *) }

  /// The values.
  func read(from file: RandomAccessFile) throws(FormatError) -> ONNXTensor {
    switch self {
    case .known(let tensor): return tensor
    case .stored(let tensor): return try tensor.read(from: file)
    case .uniform(let value, let shape):
      return ONNXTensor([Float](repeating: value, count: count), shape: shape)
    case .reshaped(let constant, let shape):
      var tensor = try constant.read(from: file)
      tensor.shape = shape
      return tensor
    case .transposed(let constant, let permutation):
      return try constant.read(from: file).transposed(permutation)
    case .scaled(let constant, let factor):
      let tensor = try constant.read(from: file)
      return ONNXTensor(tensor.floats.map { $0 * factor }, shape: tensor.shape)
    case .dequantized(let constant, let quantization):
      return quantization.dequantized(try constant.read(from: file))
    }
  }
}

extension ONNXTensor {
  /// Axis a of the result is axis `permutation[a]`.
  func transposed(_ permutation: [Int]) -> ONNXTensor {
    let target = permutation.map { shape[$0] }
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    if case .floats(let values) = values, permutation == [1, 0] {
      // The weight of a MatMul: large, so without a table of places.
      return ONNXTensor(Self.transposed(values, rows: shape[0], columns: shape[1]), shape: target)
    }
    var places = [0]
    for axis in permutation {
      places = places.flatMap { place in (0..<shape[axis]).map { place + $0 * strides[axis] } }
    }
    return gathering(places, shape: target)
  }

  private static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    // In squares, so that both sides stay in cache.
    let side = 32
    return [Float](unsafeUninitializedCapacity: values.count) { result, count in
      for top in stride(from: 0, to: rows, by: side) {
        for left in stride(from: 0, to: columns, by: side) {
          for row in top..<min(top + side, rows) {
            for column in left..<min(left + side, columns) {
              result.initializeElement(at: column * rows + row, to: values[row * columns + column])
            }
          }
        }
      }
      count = values.count
    }
  }

  /// The values at the crossings of the chosen indices of each axis.
  func selecting(_ selection: [[Int]], shape target: [Int]) -> ONNXTensor {
    var places = [0]
    for (axis, indices) in selection.enumerated() {
      places = places.flatMap { place in indices.map { place * shape[axis] + $0 } }
    }
    return gathering(places, shape: target)
  }

  /// Its values repeated to a shape, as numpy does; nil if they cannot be.
  func broadcast(to target: [Int]) -> ONNXTensor? {
    let missing = target.count - shape.count
    guard missing >= 0 else { return nil }
    var places = [0]
    for (axis, extent) in target.enumerated() {
      let own = axis < missing ? 1 : shape[axis - missing]
      guard own == extent || own == 1 else { return nil }
      places = places.flatMap { place in
        (0..<extent).map { place * own + (own == 1 ? 0 : $0) }
      }
    }
    return gathering(places, shape: target)
  }
}
