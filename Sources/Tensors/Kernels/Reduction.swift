extension Tensor {
  /// Sums the elements that share a place in `target`, a shape that broadcasts to this one: the transpose of
  /// `expanded(to:)`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func summed(to target: [Int]) -> Tensor {
    if shape == target { return self }
    let walk = Broadcast(shape, target)
    precondition(walk.shape == shape, "\(target) does not broadcast to \(shape)")
    let length = walk.inner.length
    return scalars.withUnsafeBufferPointer { x in
      Tensor(shape: target) { y in
        y.initialize(repeating: 0)
        walk.forEachRun { i, j in
          if walk.inner.rightStride == 0 {
            y[j] += x.sum(from: i, count: length)
          } else {
            for p in 0..<length { y[j &+ p] += x[i &+ p] }
          }
        }
      }
    }
  }

  /// Repeats the elements along the axes where this shape has length 1 or none.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func expanded(to target: [Int]) -> Tensor {
    if shape == target { return self }
    let walk = Broadcast(shape, target)
    precondition(walk.shape == target, "\(shape) does not broadcast to \(target)")
    let length = walk.inner.length
    return scalars.withUnsafeBufferPointer { x in
      Tensor(shape: target) { y in
        walk.forEachRun { i, j in
          if walk.inner.leftStride == 0 {
            let value = x[i]
            for p in 0..<length { y[j &+ p] = value }
          } else {
            for p in 0..<length { y[j &+ p] = x[i &+ p] }
          }
        }
      }
    }
  }

  /// The sum of all squared elements, in double precision.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func squaredNorm() -> Double {
    scalars.withUnsafeBufferPointer { x in
      var sum = 0.0
      for i in 0..<x.count { sum += Double(x[i]) * Double(x[i]) }
      return sum
    }
  }
}

extension UnsafeBufferPointer where Element: TensorScalar {
  /// The sum of a run of elements.
  @inline(__always)
  func sum(from start: Int, count: Int) -> Element {
    interleavedSum(from: start, count: count) { self[$0] }
  }

  /// The scalar product of a run of elements with the same run of `other`.
  @inline(__always)
  func dot(_ other: UnsafeBufferPointer, from start: Int, count: Int) -> Element {
    interleavedSum(from: start, count: count) { self[$0] * other[$0] }
  }

  /// A sum in eight interleaved partial sums, which vectorises and rounds less than one running sum.
  @inline(__always)
  private func interleavedSum(
    from start: Int, count length: Int, of term: (Int) -> Element
  ) -> Element {
    var (a, b, c, d) = (Element.zero, Element.zero, Element.zero, Element.zero)
    var (e, f, g, h) = (Element.zero, Element.zero, Element.zero, Element.zero)
    let blocks = length & ~7
    var i = start
    while i < start &+ blocks {
      a += term(i)
      b += term(i &+ 1)
      c += term(i &+ 2)
      d += term(i &+ 3)
      e += term(i &+ 4)
      f += term(i &+ 5)
      g += term(i &+ 6)
      h += term(i &+ 7)
      i &+= 8
    }
    var total = ((a + e) + (c + g)) + ((b + f) + (d + h))
    while i < start &+ length {
      total += term(i)
      i &+= 1
    }
    return total
  }
}
