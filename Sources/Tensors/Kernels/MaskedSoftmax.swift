extension Tensor {
  /// Log-softmax and softmax over the last axis, among the legal entries.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func maskedLogSoftmax(legal: [Bool]?) -> (logarithms: Tensor, probabilities: Tensor) {
    precondition(rank >= 1, "softmax needs an axis")
    precondition(legal == nil || legal?.count == count, "the mask must cover shape \(shape)")
    let width = rowLength
    var logarithms = masked(by: legal, illegal: -.infinity)
    var probabilities = Tensor(shape: shape, repeating: 0)
    for base in stride(from: 0, to: count, by: max(width, 1)) {
      let row = base..<(base + width)
      let maximum = logarithms.scalars[row].max() ?? 0
      precondition(maximum > -.infinity, "a row of the softmax has no legal entry")
      var sum: Scalar = 0
      for i in row { sum += Scalar.exp(logarithms.scalars[i] - maximum) }
      let logSum = maximum + Scalar.log(sum)
      for i in row {
        let isLegal = legal?[i] ?? true
        let y = logarithms.scalars[i] - logSum
        logarithms.scalars[i] = isLegal ? y : -.greatestFiniteMagnitude
        probabilities.scalars[i] = isLegal ? Scalar.exp(y) : 0
      }
    }
    return (logarithms, probabilities)
  }

  /// The elements with `illegal` where `legal` is false.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func masked(by legal: [Bool]?, illegal: Scalar) -> Tensor {
    guard let legal else { return self }
    precondition(legal.count == count, "the mask must cover shape \(shape)")
    return Tensor(shape: shape, scalars: scalars.indices.map { legal[$0] ? scalars[$0] : illegal })
  }
}
