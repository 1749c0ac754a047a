internal import ModelGraph

extension Recognition {
  /// (x - mean x) / sqrt(mean (x - mean x)^2 + epsilon), multiplied with a constant. Its shift is found
  /// as a bias later.
  mutating func recogniseNormalization(_ name: String) {
    guard let product = inputs(name, .arithmetic(.multiply)),
      let place = product.firstIndex(where: isConstant),
      case .constant(let scale) = draft[product[place]].op,
      let (source, axis, epsilon) = normalized(product[1 - place]),
      scale.shape.dimensions == Array(draft[source].shape.dimensions[axis...])
    else { return }
    let norm = LayerNormalization(axis: axis, scale: scale.parameter, epsilon: epsilon)
    draft.replace(name, by: .layerNormalization(norm), [source])
  }

  /// The input that is normalised, the first of its axes, and the epsilon.
  private func normalized(_ name: String) -> (source: String, axis: Int, epsilon: Float)? {
    guard let quotient = inputs(name, .arithmetic(.divide)),
      let root = inputs(quotient[1], .activation(.sqrt))?.first,
      let (variance, epsilon) = withNumber(root, .add),
      let axes = meanAxes(variance), let square = draft[variance].inputs.first,
      let (source, ownAxes) = centred(quotient[0]), ownAxes == axes
    else { return nil }
    if let (base, exponent) = withNumber(square, .power) {
      guard exponent == 2, isSame(base, quotient[0]) else { return nil }
    } else {
      guard let factors = inputs(square, .arithmetic(.multiply)),
        factors.allSatisfy({ isSame($0, quotient[0]) })
      else { return nil }
    }
    let rank = draft[source].shape.rank
    guard let first = axes.first, axes == Array(first..<rank) else { return nil }
    return (source, first, epsilon)
  }

  private func meanAxes(_ name: String) -> [Int]? {
    switch draft[name].op {
    case .reduceMean(let axes, keepsAxes: true): axes.sorted()
    case .globalAveragePool: [1, 2]
    default: nil
    }
  }

  /// x and the axes of x - mean x.
  private func centred(_ name: String) -> (source: String, axes: [Int])? {
    guard let difference = inputs(name, .arithmetic(.subtract)),
      let axes = meanAxes(difference[1]), draft[difference[1]].inputs == [difference[0]]
    else { return nil }
    return (difference[0], axes)
  }

  /// Whether two nodes are the same, or compute the same difference.
  private func isSame(_ first: String, _ second: String) -> Bool {
    if first == second { return true }
    guard let one = centred(first), let other = centred(second) else { return false }
    return one == other
  }
}
