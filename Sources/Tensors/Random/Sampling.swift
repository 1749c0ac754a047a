internal import Foundation

extension SeededGenerator {
  /// A number uniform in [0, 1), a multiple of 2^-53.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number of the standard normal distribution, by the Box-Muller transform.
  public mutating func normal() -> Double {
    let radius = (-2 * Foundation.log(1 - uniform())).squareRoot()
    return radius * Foundation.cos(2 * .pi * uniform())
  }

  /// A whole number uniform in 0..<`bound`, by Lemire's multiplication with rejection.
  public mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "an index below \(bound)")
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// An index drawn with the given probabilities, which need not sum to 1 but must have a positive sum. An
  /// entry of probability 0 is never drawn.
  public mutating func categorical(_ probabilities: some Collection<Float>) -> Int {
    let total = probabilities.reduce(0.0) { $0 + Double($1) }
    precondition(total > 0 && total.isFinite, "probabilities with sum \(total)")
    var remaining = uniform() * total
    var last = 0
    for (index, probability) in probabilities.enumerated() where probability > 0 {
      remaining -= Double(probability)
      if remaining < 0 { return index }
      last = index
    }
    return last
  }

  /// The whole numbers 0..<`count` in random order (Fisher and Yates).
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, index(below: i + 1)) }
    return order
  }

  /// A tensor of normally distributed numbers with the given standard deviation.
  public mutating func normalTensor<Scalar: TensorScalar>(
    shape: [Int], deviation: Scalar
  ) -> Tensor<Scalar> {
    let count = shape.reduce(1, *)
    return Tensor(shape: shape, scalars: (0..<count).map { _ in Scalar(normal()) * deviation })
  }
}
