public import ModelGraph

/// The costly operators of neural networks and their gradients. Activations are channels last,
/// `[N, …, C]`; no result depends on the number of threads.
public protocol NetworkKernels {
  /// The contents of the tensors.
  associatedtype Scalar: TensorScalar

  /// y[n, p, k] = bias[k] + sum over taps and channels of w[k, c, tap] x[n, p + tap, c].
  static func convolution(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, bias: Tensor<Scalar>?, _ shape: ConvolutionShape,
    threads: Int
  ) -> Tensor<Scalar>
  /// The gradient of a convolution's input, given that of its output.
  static func convolutionInputGradient(
    _ gradient: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ shape: ConvolutionShape, threads: Int
  ) -> Tensor<Scalar>
  /// The gradient of a convolution's weight, given that of its output.
  static func convolutionWeightGradient(
    _ gradient: Tensor<Scalar>, _ x: Tensor<Scalar>, _ shape: ConvolutionShape, threads: Int
  ) -> Tensor<Scalar>

  /// x + y, of one shape.
  static func sum(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>, threads: Int) -> Tensor<Scalar>

  /// The sum of each channel and of its square.
  static func channelSums(
    _ x: Tensor<Scalar>, threads: Int
  ) -> (sums: [Double], squares: [Double])
  /// y = clamp(x scale[c] + shift[c] + residual).
  static func channelAffine(
    _ x: Tensor<Scalar>, residual: Tensor<Scalar>?, scale: [Scalar], shift: [Scalar],
    clamp: ClosedRange<Scalar>, threads: Int
  ) -> Tensor<Scalar>
  /// With g' the clamped gradient: each channel's sum of g' and of g' x.
  static func channelGradientSums(
    _ gradient: ClampedGradient<Scalar>, _ x: Tensor<Scalar>, threads: Int
  ) -> (sums: [Double], products: [Double])
  /// The gradient of a channel's value, and the clamped one itself if it is asked for.
  static func channelGradient(
    _ gradient: ChannelGradient<Scalar>, keepsClamped: Bool, threads: Int
  ) -> (x: Tensor<Scalar>, clamped: Tensor<Scalar>?)

  /// A convolution, and the sum of each channel of its output and of its square.
  static func convolutionWithSums(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ shape: ConvolutionShape, threads: Int
  ) -> (output: Tensor<Scalar>, sums: [Double], squares: [Double])
  /// The gradients of a convolution, that of its output being `gradient`, and the clamped one itself if it is
  /// asked for.
  static func convolutionGradients(
    _ gradient: ChannelGradient<Scalar>, _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>,
    _ shape: ConvolutionShape, needsInput: Bool, keepsClamped: Bool, threads: Int
  ) -> ConvolutionGradients<Scalar>

  /// Each row of the last axis with mean 0 and variance 1, times gain, plus bias.
  static func normalizedRows(
    _ x: Tensor<Scalar>, gain: Tensor<Scalar>, bias: Tensor<Scalar>, epsilon: Scalar, threads: Int
  ) -> NormalizedRows<Scalar>
  /// The gradients of `normalizedRows`.
  static func normalizedRowsGradient(
    _ gradient: Tensor<Scalar>, _ x: Tensor<Scalar>, gain: Tensor<Scalar>,
    _ rows: NormalizedRows<Scalar>, threads: Int
  ) -> (x: Tensor<Scalar>, gain: Tensor<Scalar>, bias: Tensor<Scalar>)

  /// The function of every element.
  static func activation(
    _ function: Activation, _ x: Tensor<Scalar>, threads: Int
  ) -> Tensor<Scalar>
  /// The gradient of an activation's argument.
  static func activationGradient(
    _ function: Activation, _ gradient: Tensor<Scalar>, _ x: Tensor<Scalar>, threads: Int
  ) -> Tensor<Scalar>

  /// Multi-head attention of queries [N, T, D], keys [N, S, D] and values [N, S, E]; the probabilities are
  /// kept in a layout of the kernel's own.
  static func attention(
    _ inputs: AttentionInputs<Scalar>, _ attention: Attention, threads: Int
  ) -> (output: Tensor<Scalar>, probabilities: Tensor<Scalar>)
  /// The gradients of attention's inputs.
  static func attentionGradient(
    _ gradient: Tensor<Scalar>, _ inputs: AttentionInputs<Scalar>, probabilities: Tensor<Scalar>,
    _ attention: Attention, threads: Int
  ) -> AttentionInputs<Scalar>
}

/// The result of a layer normalisation, and each row's mean and reciprocal deviation.
public struct NormalizedRows<Scalar: TensorScalar> {
  var output: Tensor<Scalar>
  var means: [Scalar]
  var scales: [Scalar]
}

/// The inputs of attention.
public struct AttentionInputs<Scalar: TensorScalar> {
  var queries: Tensor<Scalar>
  var keys: Tensor<Scalar>
  var values: Tensor<Scalar>
}

/// The gradient of a clamp's argument: `gradient` where that lies inside `clamp`, 0 elsewhere.
public struct ClampedGradient<Scalar: TensorScalar> {
  /// The value that was clamped.
  enum Argument {
    /// The clamped value.
    case result(Tensor<Scalar>)
    /// x scale[c] + shift[c], which is computed anew sooner than read.
    case affine(scale: [Scalar], shift: [Scalar])
  }

  var gradient: Tensor<Scalar>
  var argument: Argument
  var clamp: ClosedRange<Scalar>
}

/// With g' a clamped gradient, a gradient of x: g' scale[c] + x slope[c] + shift[c].
public struct ChannelGradient<Scalar: TensorScalar> {
  var clamped: ClampedGradient<Scalar>
  var x: Tensor<Scalar>
  var scale: [Scalar]
  var slope: [Scalar]
  var shift: [Scalar]
}

/// The gradients of what a convolution reads, the input's if it is needed.
public struct ConvolutionGradients<Scalar: TensorScalar> {
  var input: Tensor<Scalar>?
  var weight: Tensor<Scalar>
  var clamped: Tensor<Scalar>?
}

extension NetworkKernels {
  /// One after the other.
  public static func convolutionWithSums(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ shape: ConvolutionShape, threads: Int
  ) -> (output: Tensor<Scalar>, sums: [Double], squares: [Double]) {
    let output = convolution(x, weight, bias: nil, shape, threads: threads)
    let sums = channelSums(output, threads: threads)
    return (output, sums.sums, sums.squares)
  }

  /// One after the other.
  public static func convolutionGradients(
    _ gradient: ChannelGradient<Scalar>, _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>,
    _ shape: ConvolutionShape, needsInput: Bool, keepsClamped: Bool, threads: Int
  ) -> ConvolutionGradients<Scalar> {
    separateGradients(
      gradient, x, weight, shape, needsInput: needsInput, keepsClamped: keepsClamped,
      threads: threads)
  }

  static func separateGradients(
    _ gradient: ChannelGradient<Scalar>, _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>,
    _ shape: ConvolutionShape, needsInput: Bool, keepsClamped: Bool, threads: Int
  ) -> ConvolutionGradients<Scalar> {
    let own = channelGradient(gradient, keepsClamped: keepsClamped, threads: threads)
    return ConvolutionGradients(
      input: needsInput
        ? convolutionInputGradient(own.x, weight, shape, threads: threads) : nil,
      weight: convolutionWeightGradient(own.x, x, shape, threads: threads), clamped: own.clamped)
  }
}
