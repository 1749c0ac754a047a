extension Tensor {
  /// Each row (last axis) shifted to mean 0 and scaled to variance 1, and each row's reciprocal deviation.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func normalizedRows(epsilon: Scalar) -> (rows: Tensor, scales: [Scalar]) {
    let (count, width) = (rowCount, rowLength)
    var scales = Array(repeating: Scalar.zero, count: count)
    let rows = scalars.withUnsafeBufferPointer { x in
      Tensor(shape: shape) { y in
        for row in 0..<count {
          let base = row &* width
          let mean = x.sum(from: base, count: width) / Scalar(width)
          for p in 0..<width { y[base &+ p] = x[base &+ p] - mean }
          let centered = UnsafeBufferPointer(y)
          let variance = centered.dot(centered, from: base, count: width)
          let scale = 1 / (variance / Scalar(width) + epsilon).squareRoot()
          for p in 0..<width { y[base &+ p] *= scale }
          scales[row] = scale
        }
      }
    }
    return (rows, scales)
  }

  /// The gradient of `normalizedRows`, called on the normalised rows themselves:
  /// dx = s (g - mean(g) - y mean(g y)).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func pullingBackNormalization(_ gradient: Tensor, scales: [Scalar]) -> Tensor {
    let (count, width) = (rowCount, rowLength)
    precondition(gradient.shape == shape && scales.count == count)
    return scalars.withUnsafeBufferPointer { y in
      gradient.scalars.withUnsafeBufferPointer { g in
        Tensor(shape: shape) { x in
          for row in 0..<count {
            let base = row &* width
            let mean = g.sum(from: base, count: width) / Scalar(width)
            let slope = g.dot(y, from: base, count: width) / Scalar(width)
            for p in 0..<width {
              x[base &+ p] = scales[row] * (g[base &+ p] - mean - y[base &+ p] * slope)
            }
          }
        }
      }
    }
  }
}
