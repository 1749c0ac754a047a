extension Variable {
  /// max(x, 0).
  public func relu() -> Variable { applying(.leakyRelu(slope: 0)) }

  /// x where x > 0, `slope` x elsewhere.
  public func leakyRelu(slope: Scalar) -> Variable { applying(.leakyRelu(slope: slope)) }

  /// x where x > 0, `alpha` (e^x - 1) elsewhere (arXiv 1511.07289).
  public func elu(alpha: Scalar = 1) -> Variable { applying(.elu(alpha: alpha)) }

  /// The hyperbolic tangent.
  public func tanh() -> Variable { applying(.tanh) }

  /// 1 / (1 + e^-x).
  public func sigmoid() -> Variable { applying(.sigmoid) }

  /// e^x.
  public func exp() -> Variable { applying(.exponential) }

  /// The natural logarithm.
  public func log() -> Variable { applying(.logarithm) }

  /// x^2.
  public func squared() -> Variable { applying(.square) }

  /// The square root; its gradient at 0 is infinite.
  public func squareRoot() -> Variable { applying(.squareRoot) }

  /// x limited to `range`, outside of which the gradient is zero.
  public func clamped(to range: ClosedRange<Scalar>) -> Variable {
    applying(.clamp(lower: range.lowerBound, upper: range.upperBound))
  }

  func applying(_ function: ElementwiseFunction<Scalar>) -> Variable {
    let x = value
    let y = x.applying(function)
    return tape.record(y, from: self) { g, inputs in
      inputs.add(to: 0, x.pullingBack(g, through: function, output: y))
    }
  }
}
