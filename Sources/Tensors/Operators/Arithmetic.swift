extension Variable {
  /// The sum of every pair of broadcast elements.
  public static func + (left: Variable, right: Variable) -> Variable {
    let (a, b) = (left.value, right.value)
    let sum =
      a.shape == b.shape
      ? Scalar.Network.sum(a, b, threads: left.tape.threads) : a.combined(with: b, by: .sum)
    return left.tape.record(sum, from: left, right) { g, inputs in
      inputs.add(to: 0, g.summed(to: a.shape))
      inputs.add(to: 1, g.summed(to: b.shape))
    }
  }

  /// The difference of every pair of broadcast elements.
  public static func - (left: Variable, right: Variable) -> Variable {
    let (a, b) = (left.value, right.value)
    return left.tape.record(a.combined(with: b, by: .difference), from: left, right) { g, inputs in
      inputs.add(to: 0, g.summed(to: a.shape))
      inputs.add(to: 1, g.summed(to: b.shape).applying(.scale(by: -1)))
    }
  }

  /// The product of every pair of broadcast elements.
  public static func * (left: Variable, right: Variable) -> Variable {
    let (a, b) = (left.value, right.value)
    return left.tape.record(a.combined(with: b, by: .product), from: left, right) { g, inputs in
      inputs.add(to: 0, g.combined(with: b, by: .product).summed(to: a.shape))
      inputs.add(to: 1, g.combined(with: a, by: .product).summed(to: b.shape))
    }
  }

  /// The quotient of every pair of broadcast elements.
  public static func / (left: Variable, right: Variable) -> Variable {
    let (a, b) = (left.value, right.value)
    let quotient = a.combined(with: b, by: .quotient)
    return left.tape.record(quotient, from: left, right) { g, inputs in
      let scaled = g.combined(with: b, by: .quotient)
      inputs.add(to: 0, scaled.summed(to: a.shape))
      inputs.add(
        to: 1,
        scaled.combined(with: quotient, by: .product).summed(to: b.shape)
          .applying(.scale(by: -1)))
    }
  }

  /// The smaller of every pair of broadcast elements; a tie passes its gradient to this variable.
  public func minimum(_ other: Variable) -> Variable { extremum(other, .minimum) }

  /// The larger of every pair of broadcast elements; a tie passes its gradient to this variable.
  public func maximum(_ other: Variable) -> Variable { extremum(other, .maximum) }

  private func extremum(_ other: Variable, _ function: PairwiseFunction) -> Variable {
    let (a, b) = (value, other.value)
    return tape.record(a.combined(with: b, by: function), from: self, other) { g, inputs in
      let toLeft = g.combined(with: a.picked(over: b, by: function), by: .product)
      inputs.add(to: 0, toLeft.summed(to: a.shape))
      inputs.add(to: 1, g.combined(with: toLeft, by: .difference).summed(to: b.shape))
    }
  }

  /// Every element plus a number.
  public static func + (left: Variable, right: Scalar) -> Variable {
    left.applying(.offset(by: right))
  }

  /// Every element minus a number.
  public static func - (left: Variable, right: Scalar) -> Variable {
    left.applying(.offset(by: -right))
  }

  /// Every element times a number.
  public static func * (left: Variable, right: Scalar) -> Variable {
    left.applying(.scale(by: right))
  }

  /// Every element divided by a number.
  public static func / (left: Variable, right: Scalar) -> Variable {
    left.applying(.scale(by: 1 / right))
  }

  /// Every element with its sign changed.
  public static prefix func - (operand: Variable) -> Variable {
    operand.applying(.scale(by: -1))
  }
}
