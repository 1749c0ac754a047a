public import ModelGraph

/// The costly operators of neural networks and their gradients. Activations are channels last,
/// `[N, …, C]`; no result depends on the number of threads.
public protocol NetworkKernels {
  /// What the tensors hold.
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

  /// The sum of each channel and of its square.
  static func channelSums(
    _ x: Tensor<Scalar>, threads: Int
  ) -> (sums: [Double], squares: [Double])
  /// y = clamp(x scale[c] + shift[c] + residual).
  static func channelAffine(
    _ x: Tensor<Scalar>, residual: Tensor<Scalar>?, scale: [Scalar], shift: [Scalar],
    clamp: ClosedRange<Scalar>, threads: Int
  ) -> Tensor<Scalar>
  /// With g' the gradient where the clamp's result `y` lies inside, 0 elsewhere: the sum of g' and of g' x.
  static func channelGradientSums(
    _ gradient: Tensor<Scalar>, clamped y: Tensor<Scalar>, to clamp: ClosedRange<Scalar>,
    _ x: Tensor<Scalar>, threads: Int
  ) -> (sums: [Double], products: [Double])
  /// With the same g': g' scale[c] + x slope[c] + shift[c], and g' itself if it is asked for.
  static func channelGradient(
    _ gradient: Tensor<Scalar>, clamped y: Tensor<Scalar>, to clamp: ClosedRange<Scalar>,
    _ x: Tensor<Scalar>, scale: [Scalar], slope: [Scalar], shift: [Scalar], keepsClamped: Bool,
    threads: Int
  ) -> (x: Tensor<Scalar>, clamped: Tensor<Scalar>?)

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

/// What attention reads.
public struct AttentionInputs<Scalar: TensorScalar> {
  var queries: Tensor<Scalar>
  var keys: Tensor<Scalar>
  var values: Tensor<Scalar>
}
