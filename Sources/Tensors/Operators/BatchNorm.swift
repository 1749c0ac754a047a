extension Variable {
  /// What a batch normalisation found in its batch.
  public struct BatchStatistics {
    /// Of each channel, over images and pixels.
    public let mean: [Scalar]
    /// Of each channel, divided by the number of values.
    public let variance: [Scalar]
    /// Values a channel.
    public let count: Int
  }

  /// Batch normalisation (arXiv 1502.03167, algorithm 1) over all axes but the last, then a sum with
  /// `residual` and a clamp, in one pass:
  /// y = clamp(gain (x - mean) / sqrt(variance + epsilon) + bias + residual).
  public func batchNorm(
    gain: Variable, bias: Variable, epsilon: Scalar = 1e-5, adding residual: Variable? = nil,
    clampedTo clamp: ClosedRange<Scalar> = -.infinity ... .infinity
  ) -> (result: Variable, statistics: BatchStatistics) {
    let (x, threads) = (value, tape.threads)
    let count = x.rowCount
    let moments = Scalar.Network.channelSums(x, threads: threads)
    let mean = moments.sums.map { $0 / Double(count) }
    let variance = zip(moments.squares, mean).map { max(0, $0 / Double(count) - $1 * $1) }
    let factor = variance.map { 1 / ($0 + Double(epsilon)).squareRoot() }
    let gains = gain.value.scalars
    let scale = zip(gains, factor).map { Double($0) * $1 }
    let shift = zip(bias.value.scalars, zip(scale, mean)).map { Double($0) - $1.0 * $1.1 }
    let y = Scalar.Network.channelAffine(
      x, residual: residual?.value, scale: scale.map { Scalar($0) },
      shift: shift.map { Scalar($0) }, clamp: clamp, threads: threads)
    let hasResidual = residual != nil
    let isClamped = clamp != -.infinity ... .infinity
    let inputs = [self, gain, bias] + (residual.map { [$0] } ?? [])
    let result = tape.record(y, from: inputs) { g, inputs in
      // With g' the gradient before the clamp and n = (x - mean) factor:
      // dx = scale (g' - mean(g') - n mean(g' n)).
      let y = isClamped ? y : g
      let sums = Scalar.Network.channelGradientSums(
        g, clamped: y, to: clamp, x, threads: threads)
      let ofGain = factor.indices.map { c in
        factor[c] * (sums.products[c] - mean[c] * sums.sums[c])
      }
      let slope = factor.indices.map { -scale[$0] * factor[$0] * ofGain[$0] / Double(count) }
      let constant = factor.indices.map { c in
        -scale[c] * sums.sums[c] / Double(count) - slope[c] * mean[c]
      }
      let gradient = Scalar.Network.channelGradient(
        g, clamped: y, to: clamp, x, scale: scale.map { Scalar($0) },
        slope: slope.map { Scalar($0) }, shift: constant.map { Scalar($0) },
        keepsClamped: hasResidual && isClamped, threads: threads)
      inputs.add(to: 0, gradient.x)
      inputs.add(to: 1, Tensor(shape: [factor.count], scalars: ofGain.map { Scalar($0) }))
      inputs.add(to: 2, Tensor(shape: [factor.count], scalars: sums.sums.map { Scalar($0) }))
      if hasResidual { inputs.add(to: 3, gradient.clamped ?? g) }
    }
    return (
      result,
      BatchStatistics(
        mean: mean.map { Scalar($0) }, variance: variance.map { Scalar($0) }, count: count)
    )
  }

  /// The same with statistics that are given: x scale[c] + shift[c] + residual, clamped. No gradient flows to
  /// scale and shift.
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
      let gradient = Scalar.Network.channelGradient(
        g, clamped: y, to: clamp, x, scale: scale, slope: none, shift: none,
        keepsClamped: hasResidual, threads: threads)
      inputs.add(to: 0, gradient.x)
      if let clamped = gradient.clamped { inputs.add(to: 1, clamped) }
    }
  }
}
