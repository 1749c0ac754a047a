extension Variable {
  /// The sum over `axes`, all of them when nil. Summed axes vanish, or stay with length 1 when
  /// `keepingAxes`.
  public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let axes = axes ?? Array(value.shape.indices)
    precondition(
      axes.allSatisfy(value.shape.indices.contains), "axes \(axes) of shape \(value.shape)")
    let full = value.shape
    let kept = full.indices.map { axes.contains($0) ? 1 : full[$0] }
    let result = keepingAxes ? kept : full.indices.filter { !axes.contains($0) }.map { full[$0] }
    return tape.record(value.summed(to: kept).reshaped(to: result), from: self) { g, inputs in
      inputs.add(to: 0, g.reshaped(to: kept).expanded(to: full))
    }
  }

  /// The mean over `axes`, all of them when nil; see `sum`.
  public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let total = sum(axes: axes, keepingAxes: keepingAxes)
    return total * (Scalar(total.value.count) / Scalar(value.count))
  }
}
