extension Variable {
  /// A convolution of images [N, H, W, C] with a weight [K, C / groups, rows, columns], and a bias [K], to
  /// [N, H', W', K].
  public func convolved(
    with weight: Variable, bias: Variable? = nil, _ geometry: ConvolutionGeometry = .init()
  ) -> Variable {
    let shape = ConvolutionShape(input: value.shape, weight: weight.shape, geometry)
    let (x, w, threads) = (value, weight.value, tape.threads)
    let hasBias = bias != nil
    let y = Scalar.Network.convolution(x, w, bias: bias?.value, shape, threads: threads)
    return tape.record(y, from: [self, weight] + (bias.map { [$0] } ?? [])) { g, inputs in
      inputs.add(
        to: 0, Scalar.Network.convolutionInputGradient(g, w, shape, threads: threads))
      inputs.add(
        to: 1, Scalar.Network.convolutionWeightGradient(g, x, shape, threads: threads))
      if hasBias { inputs.add(to: 2, g.channelTotals(threads: threads)) }
    }
  }

  /// A fully connected layer over the last axis: [..., C] with a weight [K, C] and a bias [K] to [..., K].
  public func linear(weight: Variable, bias: Variable? = nil) -> Variable {
    precondition(
      weight.shape.count == 2 && shape.count >= 2 && shape[shape.count - 1] == weight.shape[1],
      "a weight of \(weight.shape) does not multiply \(shape)")
    let rows = shape.dropFirst().dropLast().reduce(1, *)
    return reshaped(to: [shape[0], rows, 1, weight.shape[1]])
      .convolved(with: weight.reshaped(to: weight.shape + [1, 1]), bias: bias)
      .reshaped(to: shape.dropLast() + [weight.shape[0]])
  }

}

extension Tensor {
  /// The sum of each channel, [C].
  func channelTotals(threads: Int) -> Tensor {
    let sums = Scalar.Network.channelSums(self, threads: threads).sums
    return Tensor(shape: [rowLength], scalars: sums.map { Scalar($0) })
  }
}
