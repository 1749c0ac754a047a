extension Variable {
  /// Layer normalisation (arXiv 1607.06450, eq. 4): each row of the last axis with mean 0 and variance 1,
  /// times `gain`, plus `bias`, both [width].
  public func layerNorm(gain: Variable, bias: Variable, epsilon: Scalar = 1e-5) -> Variable {
    let (x, scale, threads) = (value, gain.value, tape.threads)
    let rows = Scalar.Network.normalizedRows(
      x, gain: scale, bias: bias.value, epsilon: epsilon, threads: threads)
    return tape.record(rows.output, from: self, gain, bias) { g, inputs in
      let gradient = Scalar.Network.normalizedRowsGradient(
        g, x, gain: scale, rows, threads: threads)
      inputs.add(to: 0, gradient.x)
      inputs.add(to: 1, gradient.gain)
      inputs.add(to: 2, gradient.bias)
    }
  }
}
