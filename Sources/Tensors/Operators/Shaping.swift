extension Variable {
  /// The same elements under another shape.
  public func reshaped(to shape: [Int]) -> Variable {
    let original = value.shape
    return tape.record(value.reshaped(to: shape), from: self) { g, inputs in
      inputs.add(to: 0, g.reshaped(to: original))
    }
  }

  /// The axes in another order: axis `i` of the result is axis `permutation[i]` of this variable. Without
  /// a permutation the order is reversed, which transposes a matrix.
  public func transposed(_ permutation: [Int]? = nil) -> Variable {
    let permutation = permutation ?? value.shape.indices.reversed()
    return tape.record(value.permuted(by: permutation), from: self) { g, inputs in
      var inverse = permutation
      for (axis, source) in permutation.enumerated() { inverse[source] = axis }
      inputs.add(to: 0, g.permuted(by: inverse))
    }
  }

  /// The variables one after another along `axis`; their other axes must be equal.
  public static func concatenated(_ parts: [Variable], axis: Int) -> Variable {
    guard let first = parts.first else { preconditionFailure("nothing to concatenate") }
    let offsets = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.shape[axis]) }
    let value = Tensor.concatenated(parts.map(\.value), axis: axis)
    return first.tape.record(value, from: parts) { g, inputs in
      for i in 0..<(offsets.count - 1) {
        inputs.add(to: i, g.sliced(offsets[i]..<offsets[i + 1], axis: axis))
      }
    }
  }
}
