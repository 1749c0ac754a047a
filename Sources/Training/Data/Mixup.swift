internal import Foundation
internal import Tensors

/// How the images of a batch are mixed: `x = share * x[i] + (1 - share) * x[partners[i]]`, targets
/// likewise (arXiv 1710.09412).
struct Mixup {
  let share: Float
  let partners: [Int]

  init(alpha: Float, count: Int, using generator: inout SeededGenerator) {
    share = Float(generator.beta(Double(alpha)))
    partners = generator.permutation(of: count)
  }

  /// Mixes rows of `length` values.
  func mix(_ rows: [Float], length: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: rows.count) { mixed, filled in
      rows.withUnsafeBufferPointer { rows in
        for (row, partner) in partners.enumerated() {
          for place in 0..<length {
            mixed[row * length + place] =
              share * rows[row * length + place] + (1 - share) * rows[partner * length + place]
          }
        }
      }
      filled = rows.count
    }
  }
}

extension SeededGenerator {
  /// A number of the distribution Beta(`alpha`, `alpha`), in 0...1.
  mutating func beta(_ alpha: Double) -> Double {
    let (first, second) = (logarithmOfGamma(alpha), logarithmOfGamma(alpha))
    return 1 / (1 + exp(second - first))
  }

  /// The logarithm of a number of the distribution Gamma(`shape`, 1), by Marsaglia and Tsang (2000). Small
  /// shapes yield numbers that only their logarithms can tell from zero.
  private mutating func logarithmOfGamma(_ shape: Double) -> Double {
    if shape < 1 { return logarithmOfGamma(shape + 1) + log(1 - uniform()) / shape }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return log(d * v) }
    }
  }
}
