extension Tensor {
  /// The tensors one after another along `axis`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func concatenated(_ parts: [Tensor], axis: Int) -> Tensor {
    var shape = parts[0].shape
    precondition(shape.indices.contains(axis), "axis \(axis) of shape \(shape)")
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    for part in parts {
      var expected = shape
      expected[axis] = part.shape[axis]
      precondition(part.shape == expected, "\(part.shape) does not join \(shape) at axis \(axis)")
    }
    let outer = shape[..<axis].reduce(1, *)
    let stride = shape[axis...].reduce(1, *)
    return Tensor(shape: shape) { y in
      var start = 0
      for part in parts {
        let run = part.shape[axis...].reduce(1, *)
        part.scalars.withUnsafeBufferPointer { x in
          for i in 0..<outer {
            for p in 0..<run { y[i &* stride &+ start &+ p] = x[i &* run &+ p] }
          }
        }
        start += run
      }
    }
  }

  /// The part of the tensor within `range` of `axis`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func sliced(_ range: Range<Int>, axis: Int) -> Tensor {
    precondition(
      shape.indices.contains(axis) && 0 <= range.lowerBound && range.upperBound <= shape[axis],
      "\(range) of axis \(axis) of shape \(shape)")
    var sliced = shape
    sliced[axis] = range.count
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let stride = shape[axis] * inner
    let run = range.count * inner
    let start = range.lowerBound * inner
    return scalars.withUnsafeBufferPointer { x in
      Tensor(shape: sliced) { y in
        for i in 0..<outer {
          for p in 0..<run { y[i &* run &+ p] = x[i &* stride &+ start &+ p] }
        }
      }
    }
  }
}
