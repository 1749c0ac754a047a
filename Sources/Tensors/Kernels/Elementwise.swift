/// A function of one number, applied to every element; its derivative stands next to it.
enum ElementwiseFunction<Scalar: TensorScalar> {
  case scale(by: Scalar)
  case offset(by: Scalar)
  case square
  case squareRoot
  case exponential
  case logarithm
  case tanh
  case sigmoid
  case leakyRelu(slope: Scalar)
  case elu(alpha: Scalar)
  case clamp(lower: Scalar, upper: Scalar)
}

extension Tensor {
  /// The function of every element.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func applying(_ function: ElementwiseFunction<Scalar>) -> Tensor {
    switch function {
    case .scale(let factor): map { $0 * factor }
    case .offset(let term): map { $0 + term }
    case .square: map { $0 * $0 }
    case .squareRoot: map { $0.squareRoot() }
    case .exponential: map { Scalar.exp($0) }
    case .logarithm: map { Scalar.log($0) }
    case .tanh: map { Scalar.tanh($0) }
    case .sigmoid: map { 1 / (1 + Scalar.exp(-$0)) }
    case .leakyRelu(let slope): map { $0 > 0 ? $0 : slope * $0 }
    case .elu(let alpha): map { $0 > 0 ? $0 : alpha * Scalar.expm1($0) }
    case .clamp(let lower, let upper): map { min(max($0, lower), upper) }
    }
  }

  /// `gradient` times the function's derivative at every element of this tensor, `output` being the
  /// function's value there.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func pullingBack(
    _ gradient: Tensor, through function: ElementwiseFunction<Scalar>, output: Tensor
  ) -> Tensor {
    switch function {
    case .scale(let factor): gradient.map { $0 * factor }
    case .offset: gradient
    case .square: zip(gradient) { x, g in 2 * x * g }
    case .squareRoot: output.zip(gradient) { y, g in g / (2 * y) }
    case .exponential: output.zip(gradient) { y, g in y * g }
    case .logarithm: zip(gradient) { x, g in g / x }
    case .tanh: output.zip(gradient) { y, g in (1 - y * y) * g }
    case .sigmoid: output.zip(gradient) { y, g in y * (1 - y) * g }
    case .leakyRelu(let slope): zip(gradient) { x, g in x > 0 ? g : slope * g }
    case .elu(let alpha): output.zip(gradient) { y, g in y > 0 ? g : (y + alpha) * g }
    case .clamp(let lower, let upper):
      zip(gradient) { x, g in lower <= x && x <= upper ? g : 0 }
    }
  }

  /// The function `f` of every element.
  @inline(__always)
  func map(_ f: (Scalar) -> Scalar) -> Tensor {
    scalars.withUnsafeBufferPointer { x in
      Tensor(shape: shape) { y in
        precondition(x.count == y.count)
        for i in 0..<y.count { y[i] = f(x[i]) }
      }
    }
  }

  /// The function `f` of every pair of elements of two tensors of one shape.
  @inline(__always)
  func zip(_ other: Tensor, _ f: (Scalar, Scalar) -> Scalar) -> Tensor {
    precondition(shape == other.shape, "\(shape) and \(other.shape) differ")
    return scalars.withUnsafeBufferPointer { x in
      other.scalars.withUnsafeBufferPointer { y in
        Tensor(shape: shape) { z in
          precondition(x.count == z.count && y.count == z.count)
          for i in 0..<z.count { z[i] = f(x[i], y[i]) }
        }
      }
    }
  }
}
