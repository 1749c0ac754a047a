package import Foundation

extension Data {
  /// The bytes of numbers, as this machine has them.
  package init<Number: BitwiseCopyable>(of numbers: [Number]) {
    self = numbers.withUnsafeBytes { Data($0) }
  }

  /// The numbers whose bytes these are.
  package func numbers<Number: BitwiseCopyable>() -> [Number] {
    let width = MemoryLayout<Number>.stride
    return [Number](unsafeUninitializedCapacity: count / width) { buffer, filled in
      filled = copyBytes(to: buffer) / width
    }
  }
}
