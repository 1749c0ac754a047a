extension Variable {
  /// The matrix product of the last two axes, either operand optionally transposed first.
  ///
  /// [..., m, k] x [..., k, n] -> [..., m, n]; the leading axes must be equal.
  public func matmul(
    _ other: Variable, transposingLeft: Bool = false, transposingRight: Bool = false
  ) -> Variable {
    let (a, b) = (value, other.value)
    let product = a.matmul(
      b, transposingLeft: transposingLeft, transposingRight: transposingRight)
    return tape.record(product, from: self, other) { g, inputs in
      // With A = op(a) and B = op(b): dA = g B^T and dB = A^T g; a transposed operand takes the transpose.
      inputs.add(
        to: 0,
        transposingLeft
          ? b.matmul(g, transposingLeft: transposingRight, transposingRight: true)
          : g.matmul(b, transposingLeft: false, transposingRight: !transposingRight))
      inputs.add(
        to: 1,
        transposingRight
          ? g.matmul(a, transposingLeft: true, transposingRight: transposingLeft)
          : a.matmul(g, transposingLeft: !transposingLeft, transposingRight: false))
    }
  }
}
