/// A tensor whose values are known: shape arithmetic, scalars, weights once they are read.
struct ONNXTensor: Sendable {
  /// The extents, outermost first.
  var shape: [Int]
  var values: Values
  /// The type of the elements in the file; nil for what was computed.
  var elementType: ONNXElementType?

  enum Values: Sendable {
    case floats([Float])
    /// Integers and truth values.
    case integers([Int])

    var count: Int {
      switch self {
      case .floats(let values): values.count
      case .integers(let values): values.count
      }
    }
  }

  init(_ floats: [Float], shape: [Int]) {
    self.shape = shape
    values = .floats(floats)
  }

  init(_ integers: [Int], shape: [Int]) {
    self.shape = shape
    values = .integers(integers)
  }

  /// As floats, whatever they are.
  var floats: [Float] {
    switch values {
    case .floats(let values): values
    case .integers(let values): values.map { Float($0) }
    }
  }

  /// The integers, or nil if these are floats.
  var integers: [Int]? {
    if case .integers(let values) = values { values } else { nil }
  }

  /// The values at `indices`, under another shape.
  func gathering(_ indices: [Int], shape: [Int]) -> ONNXTensor {
    switch values {
    case .floats(let values): ONNXTensor(indices.map { values[$0] }, shape: shape)
    case .integers(let values): ONNXTensor(indices.map { values[$0] }, shape: shape)
    }
  }
}

/// ONNX's names of the element types that are read.
enum ONNXElementType: Int {
  case float = 1
  case uint8 = 2
  case int8 = 3
  case uint16 = 4
  case int16 = 5
  case int32 = 6
  case int64 = 7
  case bool = 9
  case float16 = 10
  case double = 11
  case uint32 = 12
  case uint64 = 13
  case bfloat16 = 16

  /// The numbers that a type of eight bits or sixteen holds, which are those of quantised values.
  var quantizedRange: ClosedRange<Float>? {
    switch self {
    case .uint8: 0...255
    case .int8: -128...127
    case .uint16: 0...65535
    case .int16: -32768...32767
    default: nil
    }
  }

  /// Bytes an element of raw data.
  var size: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .float, .int32, .uint32: 4
    case .int64, .uint64, .double: 8
    }
  }

  var isInteger: Bool {
    switch self {
    case .float, .float16, .double, .bfloat16: false
    default: true
    }
  }

  /// Raw little-endian data, a whole number of elements.
  func decode(_ bytes: [UInt8], shape: [Int]) -> ONNXTensor {
    var tensor = decoded(bytes, shape: shape)
    tensor.elementType = self
    return tensor
  }

  private func decoded(_ bytes: [UInt8], shape: [Int]) -> ONNXTensor {
    func elements<Bits: FixedWidthInteger>(_: Bits.Type) -> [Bits] {
      bytes.withUnsafeBytes { raw in
        (0..<raw.count / MemoryLayout<Bits>.size).map {
          Bits(
            littleEndian: raw.loadUnaligned(
              fromByteOffset: $0 * MemoryLayout<Bits>.size, as: Bits.self))
        }
      }
    }
    return switch self {
    case .float: ONNXTensor(ElementType.float32.decode(bytes[...]), shape: shape)
    case .float16: ONNXTensor(ElementType.float16.decode(bytes[...]), shape: shape)
    case .bfloat16: ONNXTensor(ElementType.brainFloat16.decode(bytes[...]), shape: shape)
    case .double:
      ONNXTensor(elements(UInt64.self).map { Float(Double(bitPattern: $0)) }, shape: shape)
    case .uint8, .bool: ONNXTensor(bytes.map { Int($0) }, shape: shape)
    case .int8: ONNXTensor(bytes.map { Int(Int8(bitPattern: $0)) }, shape: shape)
    case .int16: ONNXTensor(elements(Int16.self).map { Int($0) }, shape: shape)
    case .uint16: ONNXTensor(elements(UInt16.self).map { Int($0) }, shape: shape)
    case .int32: ONNXTensor(elements(Int32.self).map { Int($0) }, shape: shape)
    case .uint32: ONNXTensor(elements(UInt32.self).map { Int($0) }, shape: shape)
    case .int64: ONNXTensor(elements(Int64.self).map { Int($0) }, shape: shape)
    case .uint64: ONNXTensor(elements(UInt64.self).map { Int(clamping: $0) }, shape: shape)
    }
  }
}

extension ONNXTensor {
  /// A tensor that stands in a message with its values.
  /// - Throws: `FormatError` if the values do not fill the shape.
  init(_ tensor: ProtoTensor, file: String) throws(FormatError) {
    let shape = try StoredTensor.shape(tensor.dims, name: tensor.name, file: file)
    let type = try StoredTensor.type(tensor.dataType, name: tensor.name, file: file)
    if tensor.hasRawData {
      let bytes = [UInt8](tensor.rawData)
      guard bytes.count == shape.reduce(1, *) * type.size else {
        throw StoredTensor.unfilled(tensor.name, shape, file)
      }
      self = type.decode(bytes, shape: shape)
      return
    }
    switch type {
    case .float: self.init(tensor.floatData, shape: shape)
    case .double: self.init(tensor.doubleData.map { Float($0) }, shape: shape)
    case .int64: self.init(tensor.int64Data.map { Int($0) }, shape: shape)
    case .uint32, .uint64:
      self.init(tensor.uint64Data.map { Int(clamping: $0) }, shape: shape)
    case .float16:
      self.init(
        tensor.int32Data.map { ElementType.float(half: UInt16(truncatingIfNeeded: $0)) },
        shape: shape)
    case .bfloat16:
      self.init(
        tensor.int32Data.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16) },
        shape: shape)
    case .uint8, .int8, .uint16, .int16, .int32, .bool:
      self.init(tensor.int32Data.map { Int($0) }, shape: shape)
    }
    guard values.count == shape.reduce(1, *) else {
      throw StoredTensor.unfilled(tensor.name, shape, file)
    }
    elementType = type
  }
}
