extension Variable {
  /// Row `segments.ids[i]` at row `i`. [segments.count, ...] -> [ids.count, ...].
  public func gathered(by segments: Segments) -> Variable {
    tape.record(value.gathered(by: segments), from: self) { g, inputs in
      inputs.add(to: 0, g.segmentSummed(by: segments))
    }
  }

  /// The sum of the rows of each segment (scatter-add). [ids.count, ...] -> [segments.count, ...]; a
  /// segment without rows is zero.
  public func segmentSum(by segments: Segments) -> Variable {
    tape.record(value.segmentSummed(by: segments), from: self) { g, inputs in
      inputs.add(to: 0, g.gathered(by: segments))
    }
  }

  /// The mean of the rows of each segment; a segment without rows is zero.
  public func segmentMean(by segments: Segments) -> Variable {
    let shape = [segments.count] + Array(repeating: 1, count: value.rank - 1)
    let scales = segments.sizes.map { 1 / Scalar(max($0, 1)) }
    return segmentSum(by: segments) * tape.constant(Tensor(shape: shape, scalars: scales))
  }

  /// The largest element of every column within each segment, whose gradient goes to the first row that
  /// holds it; a segment without rows is zero.
  public func segmentMax(by segments: Segments) -> Variable {
    let x = value
    let maxima = x.segmentMaxima(by: segments, empty: 0)
    return tape.record(maxima, from: self) { g, inputs in
      inputs.add(to: 0, x.pullingBackMaxima(g, by: segments, maxima: maxima))
    }
  }

  /// The softmax of every column over the rows of each segment: attention over the edges into a node.
  public func segmentSoftmax(by segments: Segments) -> Variable {
    let maxima = value.segmentMaxima(by: segments, empty: 0).gathered(by: segments)
    let powers = value.combined(with: maxima, by: .difference).applying(.exponential)
    let sums = powers.segmentSummed(by: segments).gathered(by: segments)
    let y = powers.combined(with: sums, by: .quotient)
    return tape.record(y, from: self) { g, inputs in
      // dx = y (g - sum over the segment of g y)
      let weighted = g.combined(with: y, by: .product)
      let sums = weighted.segmentSummed(by: segments).gathered(by: segments)
      inputs.add(
        to: 0,
        weighted.combined(with: y.combined(with: sums, by: .product), by: .difference))
    }
  }

  /// The logarithm of `segmentSoftmax`, without its loss of precision: a categorical distribution over each
  /// segment, of whatever size.
  public func segmentLogSoftmax(by segments: Segments) -> Variable {
    let maxima = value.segmentMaxima(by: segments, empty: 0).gathered(by: segments)
    let shifted = value.combined(with: maxima, by: .difference)
    let logSums = shifted.applying(.exponential).segmentSummed(by: segments)
      .applying(.logarithm).gathered(by: segments)
    let y = shifted.combined(with: logSums, by: .difference)
    return tape.record(y, from: self) { g, inputs in
      // dx = g - softmax * sum over the segment of g
      let sums = g.segmentSummed(by: segments).gathered(by: segments)
      let flow = y.applying(.exponential).combined(with: sums, by: .product)
      inputs.add(to: 0, g.combined(with: flow, by: .difference))
    }
  }
}
