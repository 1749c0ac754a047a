/// The element types of safetensors that are read, all little-endian, as `Float`.
enum ElementType: String {
  /// IEEE 754 single precision.
  case float32 = "F32"
  /// IEEE 754 half precision.
  case float16 = "F16"
  /// The upper half of a single.
  case brainFloat16 = "BF16"

  /// Bytes an element.
  var size: Int {
    switch self {
    case .float32: 4
    case .float16, .brainFloat16: 2
    }
  }

  /// Converts bytes, a whole number of elements.
  func decode(_ bytes: ArraySlice<UInt8>) -> [Float] {
    precondition(bytes.count.isMultiple(of: size))
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / size).map { index in
        let offset = index * size
        switch self {
        case .float32:
          let bits = raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
          return Float(bitPattern: UInt32(littleEndian: bits))
        case .float16:
          let bits = raw.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
          return Self.float(half: UInt16(littleEndian: bits))
        case .brainFloat16:
          let bits = raw.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
          return Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16)
        }
      }
    }
  }

  /// The value of a half. `Float16` would do it, but not every Mac has one.
  static func float(half bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return Float(bitPattern: sign | magnitude.bitPattern)
    case 0x1F:
      return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
      return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// Bytes an element of every type the format knows, including those that are not read.
  static let knownSizes = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "I16": 2, "U16": 2, "F16": 2,
    "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "F64": 8, "I64": 8, "U64": 8, "C64": 8,
  ]
}
