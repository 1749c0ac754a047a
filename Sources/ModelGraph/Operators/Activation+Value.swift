internal import Foundation

extension Activation {
  /// The function at x: the reference for every kernel.
  package func value(_ x: Double) -> Double {
    switch self {
    case .relu: max(0, x)
    case .leakyRelu(let slope): x < 0 ? x * Double(slope) : x
    case .clip(let low, let high): min(max(x, Double(low)), Double(high))
    case .sigmoid: 1 / (1 + Foundation.exp(-x))
    case .hardSigmoid(let alpha, let beta): max(0, min(1, Double(alpha) * x + Double(beta)))
    case .hardSwish: x * max(0, min(1, x / 6 + 0.5))
    case .silu: x / (1 + Foundation.exp(-x))
    case .gelu(isApproximate: false): x / 2 * (1 + Foundation.erf(x / 2.0.squareRoot()))
    case .gelu(isApproximate: true):
      x / 2
        * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .tanh: Foundation.tanh(x)
    case .erf: Foundation.erf(x)
    case .exp: Foundation.exp(x)
    case .sqrt: x.squareRoot()
    }
  }
}
