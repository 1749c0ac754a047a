extension Variable {
  /// The softmax over the last axis. With `legal`, one flag an element, only legal entries take part: the
  /// others get probability 0 and no gradient (arXiv 2006.14171). Every row needs a legal entry.
  public func softmax(legal: [Bool]? = nil) -> Variable {
    let y = value.maskedLogSoftmax(legal: legal).probabilities
    return tape.record(y, from: self) { g, inputs in
      let weighted = g.combined(with: y, by: .product)
      let sums = weighted.summed(to: y.shape.dropLast() + [1])
      inputs.add(
        to: 0,
        weighted.combined(with: y.combined(with: sums, by: .product), by: .difference))
    }
  }

  /// The logarithm of `softmax`. Illegal entries hold the lowest finite number rather than minus infinity,
  /// so that multiplying them with probability 0 gives 0; their gradient is ignored.
  public func logSoftmax(legal: [Bool]? = nil) -> Variable {
    let (logarithms, probabilities) = value.maskedLogSoftmax(legal: legal)
    return tape.record(logarithms, from: self) { g, inputs in
      let g = g.masked(by: legal, illegal: 0)
      let sums = g.summed(to: g.shape.dropLast() + [1])
      let flow = probabilities.combined(with: sums, by: .product)
      inputs.add(to: 0, g.combined(with: flow, by: .difference))
    }
  }
}
