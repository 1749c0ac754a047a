/// Scales all gradients by one factor so that their joint Euclidean norm is at most `maximumNorm`
/// (arXiv 1211.5063, algorithm 1), and returns the norm before. A norm that is not finite zeroes them all, so
/// that one bad batch cannot destroy the parameters.
public func clipGlobalNorm(_ gradients: inout [Tensor<Float>], to maximumNorm: Float) -> Float {
  let norm = Float(gradients.reduce(0.0) { $0 + $1.squaredNorm() }.squareRoot())
  guard norm.isFinite else {
    for i in gradients.indices { gradients[i] = Tensor(shape: gradients[i].shape, repeating: 0) }
    return norm
  }
  if norm > maximumNorm {
    for i in gradients.indices {
      gradients[i] = gradients[i].applying(.scale(by: maximumNorm / norm))
    }
  }
  return norm
}
