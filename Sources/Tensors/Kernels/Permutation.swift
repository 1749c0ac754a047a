extension Tensor {
  /// Reorders the axes: axis `i` of the result is axis `permutation[i]` of this tensor.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func permuted(by permutation: [Int]) -> Tensor {
    precondition(
      permutation.sorted() == Array(0..<rank), "\(permutation) does not permute \(rank) axes")
    if permutation == Array(0..<rank) { return self }
    var strides = Array(repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    let lengths = permutation.map { shape[$0] }
    let steps = permutation.map { strides[$0] }
    let innerLength = lengths[rank - 1]
    let innerStep = steps[rank - 1]
    return scalars.withUnsafeBufferPointer { x in
      Tensor(shape: lengths) { y in
        if y.isEmpty { return }
        var position = Array(repeating: 0, count: rank)
        var source = 0
        var destination = 0
        while true {
          for p in 0..<innerLength { y[destination &+ p] = x[source &+ p &* innerStep] }
          destination += innerLength
          var axis = rank - 2
          while axis >= 0 {
            position[axis] += 1
            source += steps[axis]
            if position[axis] < lengths[axis] { break }
            source -= steps[axis] * lengths[axis]
            position[axis] = 0
            axis -= 1
          }
          if axis < 0 { return }
        }
      }
    }
  }
}
