/// A tensor on a tape: a parameter, a constant, or the result of an operator.
public struct Variable<Scalar: TensorScalar> {
  /// The tape that records what is computed from this variable.
  public let tape: Tape<Scalar>
  /// The entry on the tape; nil for what gets no gradient.
  let index: Int?
  /// The value.
  public let value: Tensor<Scalar>

  /// The shape of the value.
  public var shape: [Int] { value.shape }

  /// The same value, through which no gradient flows.
  public func detached() -> Variable { tape.constant(value) }
}
