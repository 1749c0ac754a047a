extension Variable {
  /// Layer normalisation (arXiv 1607.06450, eq. 4): each row of the last axis with mean 0 and variance 1,
  /// times `gain`, plus `bias`, both [width].
  public func layerNorm(gain: Variable, bias: Variable, epsilon: Scalar = 1e-5) -> Variable {
    let (rows, scales) = value.normalizedRows(epsilon: epsilon)
    let normalized = tape.record(rows, from: self) { g, inputs in
      inputs.add(to: 0, rows.pullingBackNormalization(g, scales: scales))
    }
    return normalized * gain + bias
  }
}
