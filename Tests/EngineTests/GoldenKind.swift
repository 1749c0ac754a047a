import ModelGraph

/// What must have golden values. No switch below has a default: a new operator does not compile
/// here until it is a kind, and a kind that no case has fails.
enum GoldenKind: CaseIterable {
  case input, constant
  case convolution, linear, matMul, attention
  case batchNormalization, layerNormalization, groupNormalization
  case relu, leakyRelu, clip, sigmoid, hardSigmoid, hardSwish, silu, gelu, approximateGelu
  case tanh, erf, exp, sqrt, parametricRelu
  case add, subtract, multiply, divide, power, maximum, minimum
  case softmax, maxPool, averagePool, averagePoolWithPads, globalAveragePool, reduceMean, argMax
  case concat, slice, gather, flatten, reshape, transpose, expand
  case padConstant, padReflect, padEdge
  case resizeNearest, resizeLinear, channelShuffle

  /// The kind of an operator that can be computed.
  init?(_ op: Operator) {
    switch op {
    case .input: self = .input
    case .constant: self = .constant
    case .convolution: self = .convolution
    case .linear: self = .linear
    case .matMul: self = .matMul
    case .attention: self = .attention
    case .batchNormalization: self = .batchNormalization
    case .layerNormalization: self = .layerNormalization
    case .groupNormalization: self = .groupNormalization
    case .activation(let activation): self.init(activation)
    case .parametricRelu: self = .parametricRelu
    case .arithmetic(let arithmetic): self.init(arithmetic)
    case .softmax: self = .softmax
    case .maxPool: self = .maxPool
    case .averagePool(let pooling): self = pooling.countsPads ? .averagePoolWithPads : .averagePool
    case .globalAveragePool: self = .globalAveragePool
    case .reduceMean: self = .reduceMean
    case .argMax: self = .argMax
    case .concat: self = .concat
    case .slice: self = .slice
    case .gather: self = .gather
    case .flatten: self = .flatten
    case .reshape: self = .reshape
    case .transpose: self = .transpose
    case .expand: self = .expand
    case .pad(let padding):
      switch padding.mode {
      case .constant: self = .padConstant
      case .reflect: self = .padReflect
      case .edge: self = .padEdge
      }
    case .resize(let resize):
      switch resize.mode {
      case .nearest: self = .resizeNearest
      case .linear: self = .resizeLinear
      }
    case .channelShuffle: self = .channelShuffle
    case .unsupported: return nil
    }
  }

  private init(_ activation: Activation) {
    switch activation {
    case .relu: self = .relu
    case .leakyRelu: self = .leakyRelu
    case .clip: self = .clip
    case .sigmoid: self = .sigmoid
    case .hardSigmoid: self = .hardSigmoid
    case .hardSwish: self = .hardSwish
    case .silu: self = .silu
    case .gelu(let isApproximate): self = isApproximate ? .approximateGelu : .gelu
    case .tanh: self = .tanh
    case .erf: self = .erf
    case .exp: self = .exp
    case .sqrt: self = .sqrt
    }
  }

  private init(_ arithmetic: Arithmetic) {
    switch arithmetic {
    case .add: self = .add
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .divide: self = .divide
    case .power: self = .power
    case .maximum: self = .maximum
    case .minimum: self = .minimum
    }
  }
}
