internal import CKernels

/// Numbers rounded to multiples of a step, in 16 bits each: half the memory where there are many of them.
///
/// The step is so small that the largest is 2^15 - 1 of them.
package struct RoundedVector: Hashable, Sendable {
  private let step: Float
  private let multiples: [Int16]

  private static let chunk = 2048

  /// Rounds finite numbers.
  package init(_ values: [Float]) {
    let largest = values.reduce(0) { max($0, abs($1)) }
    let step = max(largest / Float(Int16.max), .leastNormalMagnitude)
    self.step = step
    multiples = values.map { Int16(max(-32767, min(32767, ($0 / step).rounded()))) }
  }

  /// The rounded numbers.
  package var values: [Float] { multiples.map { Float($0) * step } }

  /// The inner product with as many others.
  package func dot(_ other: [Float]) -> Float {
    precondition(multiples.count == other.count, "vectors do not fit")
    var sum: Float = 0
    var part = [Float](repeating: 0, count: Self.chunk)
    for first in Swift.stride(from: 0, to: other.count, by: Self.chunk) {
      let count = min(Self.chunk, other.count - first)
      multiples.withUnsafeBufferPointer { multiples in
        sculpt_widen(multiples.baseAddress.map { $0 + first }, count, &part)
      }
      sum += inner(part, other, from: first, count: count)
    }
    return sum * step
  }
}
