/// The gradients of one loss with respect to the variables of a tape.
public struct Gradients<Scalar: TensorScalar> {
  private var tensors: [Tensor<Scalar>?]
  private let threads: Int

  init(count: Int, threads: Int) {
    tensors = Array(repeating: nil, count: count)
    self.threads = threads
  }

  /// The gradient with respect to `variable`, one made by `Tape.variable`; zeros when the loss does not
  /// depend on it.
  public subscript(variable: Variable<Scalar>) -> Tensor<Scalar> {
    let gradient = variable.index.flatMap { $0 < tensors.count ? tensors[$0] : nil }
    return gradient ?? Tensor(shape: variable.shape, repeating: 0)
  }

  mutating func add(_ gradient: Tensor<Scalar>, at index: Int) {
    tensors[index] =
      take(at: index).map { Scalar.Network.sum($0, gradient, threads: threads) } ?? gradient
  }

  mutating func take(at index: Int) -> Tensor<Scalar>? {
    let gradient = tensors[index]
    tensors[index] = nil
    return gradient
  }
}

/// Where a pullback delivers the gradients of its operator's inputs.
public struct InputGradients<Scalar: TensorScalar> {
  let inputs: [Int?]
  var gradients: Gradients<Scalar>

  /// Whether a gradient of the input at `position` is of any use.
  public func areNeeded(at position: Int) -> Bool { inputs[position] != nil }

  /// Adds a gradient for the input at `position`; it is not computed when that input needs none.
  public mutating func add(to position: Int, _ gradient: @autoclosure () -> Tensor<Scalar>) {
    if let index = inputs[position] {
      gradients.add(gradient(), at: index)
    }
  }
}
