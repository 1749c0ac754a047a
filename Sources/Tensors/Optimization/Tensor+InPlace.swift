extension Tensor<Float> {
  /// Sets every element to zero whose flag in `kept` is false.
  mutating func clear(except kept: [Bool]) {
    precondition(kept.count == count, "\(kept.count) flags for \(count) elements")
    scalars.withUnsafeMutableBufferPointer { x in
      kept.withUnsafeBufferPointer { kept in
        // Every element is read and written: a branch would be mispredicted at random masks.
        for p in 0..<x.count {
          let value = x[p]
          x[p] = kept[p] ? value : 0
        }
      }
    }
  }

  /// Moves every element towards that of `other` by `fraction` of their distance.
  package mutating func move(towards other: Tensor, by fraction: Float) {
    precondition(shape == other.shape, "tensors of shapes \(shape) and \(other.shape)")
    scalars.withUnsafeMutableBufferPointer { x in
      other.scalars.withUnsafeBufferPointer { y in
        precondition(x.count == y.count)
        for p in 0..<x.count { x[p] += fraction * (y[p] - x[p]) }
      }
    }
  }
}

extension Parameters {
  /// Sets every element of a parameter to zero whose flag in `kept` is false.
  package mutating func clear(_ key: Key, except kept: [Bool]) {
    tensors[key.index].clear(except: kept)
  }

  /// Moves every element towards that of `other`, which has the same layout, by `fraction` of their
  /// distance.
  package mutating func move(towards other: Parameters, by fraction: Float) {
    precondition(tensors.count == other.tensors.count, "parameters of two models")
    for i in tensors.indices { tensors[i].move(towards: other.tensors[i], by: fraction) }
  }
}
