/// A function of each value alone. Names and defaults are ONNX's.
public enum Activation: Hashable, Sendable {
  /// max(0, x).
  case relu
  /// x, or `slope` x below zero.
  case leakyRelu(slope: Float)
  /// x between `low` and `high`; ReLU6 is `clip(0, 6)`.
  case clip(low: Float, high: Float)
  /// 1 / (1 + exp(-x)).
  case sigmoid
  /// max(0, min(1, alpha x + beta)).
  case hardSigmoid(alpha: Float, beta: Float)
  /// x max(0, min(1, x / 6 + 1/2)).
  case hardSwish
  /// x sigmoid(x), also called swish.
  case silu
  /// x (1 + erf(x / sqrt 2)) / 2, or its approximation by a tanh.
  case gelu(isApproximate: Bool)
  /// The hyperbolic tangent.
  case tanh
  /// The error function.
  case erf
  /// The exponential.
  case exp
  /// The square root.
  case sqrt

  /// The name ONNX gives it; SiLU has none there before opset 24.
  public var name: String {
    switch self {
    case .relu: "Relu"
    case .leakyRelu: "LeakyRelu"
    case .clip: "Clip"
    case .sigmoid: "Sigmoid"
    case .hardSigmoid: "HardSigmoid"
    case .hardSwish: "HardSwish"
    case .silu: "Silu"
    case .gelu: "Gelu"
    case .tanh: "Tanh"
    case .erf: "Erf"
    case .exp: "Exp"
    case .sqrt: "Sqrt"
    }
  }
}

/// Arithmetic on two activations, broadcast against each other as numpy does.
public enum Arithmetic: String, CaseIterable, Hashable, Sendable {
  /// x + y.
  case add = "Add"
  /// x - y.
  case subtract = "Sub"
  /// x y.
  case multiply = "Mul"
  /// x / y.
  case divide = "Div"
  /// x to the power of y.
  case power = "Pow"
  /// The greater one.
  case maximum = "Max"
  /// The lesser one.
  case minimum = "Min"
}
