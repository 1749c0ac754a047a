extension Variable {
  /// The statistics that a batch normalisation found in its batch.
  public struct BatchStatistics {
    /// Of each channel, over images and pixels.
    public let mean: [Scalar]
    /// Of each channel, divided by the number of values.
    public let variance: [Scalar]
    /// Values a channel.
    public let count: Int
  }

  /// A batch normalisation, and what follows it in the same pass: a sum and a clamp.
  public struct BatchNorm {
    let gain: Variable
    let bias: Variable
    let epsilon: Scalar
    let residual: Variable?
    let clamp: ClosedRange<Scalar>

    /// y = clamp(gain (x - mean) / sqrt(variance + epsilon) + bias + residual), mean and variance being those of
    /// the batch over all axes but the last (arXiv 1502.03167, algorithm 1).
    public init(
      gain: Variable, bias: Variable, epsilon: Scalar = 1e-5, adding residual: Variable? = nil,
      clampedTo clamp: ClosedRange<Scalar> = -.infinity ... .infinity
    ) {
      self.gain = gain
      self.bias = bias
      self.epsilon = epsilon
      self.residual = residual
      self.clamp = clamp
    }

    fileprivate var inputs: [Variable] { [gain, bias] + (residual.map { [$0] } ?? []) }
  }

  /// The batch normalisation of this variable.
  public func normalized(by norm: BatchNorm) -> (result: Variable, statistics: BatchStatistics) {
    let (x, threads) = (value, tape.threads)
    let moments = Scalar.Network.channelSums(x, threads: threads)
    let pass = BatchNormPass(
      x, norm, sums: moments.sums, squares: moments.squares, threads: threads)
    let result = tape.record(pass.output, from: [self] + norm.inputs) { g, inputs in
      let gradient = pass.gradient(g)
      let own = Scalar.Network.channelGradient(
        gradient.input, keepsClamped: pass.keepsClamped, threads: threads)
      inputs.add(to: 0, own.x)
      pass.add(gradient, clamped: own.clamped ?? g, to: &inputs, after: 1)
    }
    return (result, pass.statistics)
  }

  /// A convolution without bias, as `convolved`, and the batch normalisation of its output: the gradient between
  /// them is never stored.
  public func convolved(
    with weight: Variable, _ geometry: ConvolutionGeometry, normalizedBy norm: BatchNorm
  ) -> (result: Variable, statistics: BatchStatistics) {
    let shape = ConvolutionShape(input: value.shape, weight: weight.shape, geometry)
    let (x, w, threads) = (value, weight.value, tape.threads)
    let convolution = Scalar.Network.convolutionWithSums(x, w, shape, threads: threads)
    let pass = BatchNormPass(
      convolution.output, norm, sums: convolution.sums, squares: convolution.squares,
      threads: threads)
    let result = tape.record(pass.output, from: [self, weight] + norm.inputs) { g, inputs in
      let gradient = pass.gradient(g)
      let own = Scalar.Network.convolutionGradients(
        gradient.input, x, w, shape, needsInput: inputs.areNeeded(at: 0),
        keepsClamped: pass.keepsClamped, threads: threads)
      if let input = own.input { inputs.add(to: 0, input) }
      inputs.add(to: 1, own.weight)
      pass.add(gradient, clamped: own.clamped ?? g, to: &inputs, after: 2)
    }
    return (result, pass.statistics)
  }

  /// The same affine function with numbers that are given: x scale[c] + shift[c] + residual, clamped. No gradient
  /// flows to scale and shift.
  public func channelAffine(
    scale: [Scalar], shift: [Scalar], adding residual: Variable? = nil,
    clampedTo clamp: ClosedRange<Scalar> = -.infinity ... .infinity
  ) -> Variable {
    let (x, threads) = (value, tape.threads)
    let y = Scalar.Network.channelAffine(
      x, residual: residual?.value, scale: scale, shift: shift, clamp: clamp, threads: threads)
    let hasResidual = residual != nil
    return tape.record(y, from: [self] + (residual.map { [$0] } ?? [])) { g, inputs in
      let none = scale.map { _ in Scalar.zero }
      let gradient = ChannelGradient(
        clamped: ClampedGradient(gradient: g, argument: .result(y), clamp: clamp), x: x,
        scale: scale, slope: none,
        shift: none)
      let own = Scalar.Network.channelGradient(
        gradient, keepsClamped: hasResidual, threads: threads)
      inputs.add(to: 0, own.x)
      if let clamped = own.clamped { inputs.add(to: 1, clamped) }
    }
  }
}

/// The forward pass of a batch normalisation, and what its gradients need of it.
private struct BatchNormPass<Scalar: TensorScalar> {
  let output: Tensor<Scalar>
  private let x: Tensor<Scalar>
  private let clamp: ClosedRange<Scalar>
  private let hasResidual: Bool
  private let mean: [Double]
  private let variance: [Double]
  /// 1 / sqrt(variance + epsilon).
  private let factor: [Double]
  /// gain factor.
  private let scale: [Double]
  /// bias - mean scale.
  private let shift: [Double]
  private let threads: Int

  init(
    _ x: Tensor<Scalar>, _ norm: Variable<Scalar>.BatchNorm, sums: [Double], squares: [Double],
    threads: Int
  ) {
    self.x = x
    self.threads = threads
    clamp = norm.clamp
    hasResidual = norm.residual != nil
    let count = Double(x.rowCount)
    let mean = sums.map { $0 / count }
    self.mean = mean
    variance = zip(squares, mean).map { max(0, $0 / count - $1 * $1) }
    factor = variance.map { 1 / ($0 + Double(norm.epsilon)).squareRoot() }
    scale = zip(norm.gain.value.scalars, factor).map { Double($0) * $1 }
    shift = zip(norm.bias.value.scalars, zip(scale, mean)).map { Double($0) - $1.0 * $1.1 }
    output = Scalar.Network.channelAffine(
      x, residual: norm.residual?.value, scale: scale.map { Scalar($0) },
      shift: shift.map { Scalar($0) }, clamp: norm.clamp, threads: threads)
  }

  var statistics: Variable<Scalar>.BatchStatistics {
    .init(
      mean: mean.map { Scalar($0) }, variance: variance.map { Scalar($0) }, count: x.rowCount)
  }

  /// Whether the residual's gradient differs from the output's.
  var keepsClamped: Bool { hasResidual && clamp != -.infinity ... .infinity }

  private var argument: ClampedGradient<Scalar>.Argument {
    keepsClamped
      ? .result(output)
      : .affine(scale: scale.map { Scalar($0) }, shift: shift.map { Scalar($0) })
  }

  struct Gradient {
    let input: ChannelGradient<Scalar>
    let gain: Tensor<Scalar>
    let bias: Tensor<Scalar>
  }

  /// With g' the gradient before the clamp and n = (x - mean) factor:
  /// dx = scale (g' - mean(g') - n mean(g' n)).
  func gradient(_ g: Tensor<Scalar>) -> Gradient {
    let clamped = ClampedGradient(gradient: g, argument: argument, clamp: clamp)
    let sums = Scalar.Network.channelGradientSums(clamped, x, threads: threads)
    let count = Double(x.rowCount)
    let channels = factor.indices
    let ofGain = channels.map { factor[$0] * (sums.products[$0] - mean[$0] * sums.sums[$0]) }
    let slope = channels.map { -scale[$0] * factor[$0] * ofGain[$0] / count }
    let constant = channels.map { -scale[$0] * sums.sums[$0] / count - slope[$0] * mean[$0] }
    func tensor(_ values: [Double]) -> Tensor<Scalar> {
      Tensor(shape: [values.count], scalars: values.map { Scalar($0) })
    }
    return Gradient(
      input: ChannelGradient(
        clamped: clamped, x: x, scale: scale.map { Scalar($0) }, slope: slope.map { Scalar($0) },
        shift: constant.map { Scalar($0) }),
      gain: tensor(ofGain), bias: tensor(sums.sums))
  }

  /// Delivers the gradients of gain, bias and residual.
  func add(
    _ gradient: Gradient, clamped: @autoclosure () -> Tensor<Scalar>,
    to inputs: inout InputGradients<Scalar>, after place: Int
  ) {
    inputs.add(to: place, gradient.gain)
    inputs.add(to: place + 1, gradient.bias)
    if hasResidual { inputs.add(to: place + 2, clamped()) }
  }
}
