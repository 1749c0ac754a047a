package import CKernels
package import ModelGraph

extension Activation {
  /// The kernel that computes it, with its parameters.
  package var kernel: (kind: sculpt_activation, alpha: Float, beta: Float) {
    switch self {
    case .relu: (sculpt_clip, 0, .infinity)
    case .leakyRelu(let slope): (sculpt_leaky_relu, slope, 0)
    case .clip(let low, let high): (sculpt_clip, low, high)
    case .sigmoid: (sculpt_sigmoid, 0, 0)
    case .hardSigmoid(let alpha, let beta): (sculpt_hard_sigmoid, alpha, beta)
    case .hardSwish: (sculpt_hard_swish, 0, 0)
    case .silu: (sculpt_silu, 0, 0)
    case .gelu(let isApproximate): (isApproximate ? sculpt_gelu_tanh : sculpt_gelu, 0, 0)
    case .tanh: (sculpt_tanh, 0, 0)
    case .erf: (sculpt_erf, 0, 0)
    case .exp: (sculpt_exp, 0, 0)
    case .sqrt: (sculpt_sqrt, 0, 0)
    }
  }
}
