/// A function of two numbers, applied to every pair of two tensors' broadcast elements.
enum PairwiseFunction {
  case sum, difference, product, quotient, minimum, maximum
}

extension Tensor {
  /// The function of every pair of elements.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func combined(with other: Tensor, by function: PairwiseFunction) -> Tensor {
    switch function {
    case .sum: combine(other) { $0 + $1 }
    case .difference: combine(other) { $0 - $1 }
    case .product: combine(other) { $0 * $1 }
    case .quotient: combine(other) { $0 / $1 }
    case .minimum: combine(other) { $1 < $0 ? $1 : $0 }
    case .maximum: combine(other) { $1 > $0 ? $1 : $0 }
    }
  }

  /// 1 where `function`, `.minimum` or `.maximum`, picks this tensor's element and 0 where it picks the
  /// other's; ties go to this tensor.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func picked(over other: Tensor, by function: PairwiseFunction) -> Tensor {
    function == .minimum
      ? combine(other) { $1 < $0 ? 0 : 1 } : combine(other) { $1 > $0 ? 0 : 1 }
  }

  @inline(__always)
  private func combine(_ other: Tensor, _ f: (Scalar, Scalar) -> Scalar) -> Tensor {
    if shape == other.shape { return zip(other, f) }
    let walk = Broadcast(shape, other.shape)
    let length = walk.inner.length
    return scalars.withUnsafeBufferPointer { x in
      other.scalars.withUnsafeBufferPointer { y in
        Tensor(shape: walk.shape) { z in
          var k = 0
          walk.forEachRun { i, j in
            switch (walk.inner.leftStride, walk.inner.rightStride) {
            case (0, _):
              let left = x[i]
              for p in 0..<length { z[k &+ p] = f(left, y[j &+ p]) }
            case (_, 0):
              let right = y[j]
              for p in 0..<length { z[k &+ p] = f(x[i &+ p], right) }
            case (_, _):
              for p in 0..<length { z[k &+ p] = f(x[i &+ p], y[j &+ p]) }
            }
            k += length
          }
        }
      }
    }
  }
}
