internal import Foundation

/// A floating-point type that tensors can hold: `Float` for work, `Double` for gradient checks.
public protocol TensorScalar: BinaryFloatingPoint, Sendable {
  /// Returns e to the power of `x`.
  static func exp(_ x: Self) -> Self
  /// Returns e to the power of `x`, minus one, exact near zero.
  static func expm1(_ x: Self) -> Self
  /// Returns the natural logarithm of `x`.
  static func log(_ x: Self) -> Self
  /// Returns the hyperbolic tangent of `x`.
  static func tanh(_ x: Self) -> Self
  /// Multiplies a packed panel of rows by a packed panel of columns; see `PanelProduct`.
  static func multiply(_ panels: PanelProduct<Self>, into tile: UnsafeMutableBufferPointer<Self>)
  /// The operators of neural networks that have kernels of their own.
  associatedtype Network: NetworkKernels where Network.Scalar == Self
}

extension TensorScalar {
  /// The plain reference for every faster implementation.
  public static func multiply(
    _ panels: PanelProduct<Self>, into tile: UnsafeMutableBufferPointer<Self>
  ) {
    panels.multiplyPlainly(into: tile)
  }
}

extension Float: TensorScalar {
  /// The engine's vector kernels.
  public typealias Network = VectorKernels
  /// Returns e to the power of `x`.
  public static func exp(_ x: Float) -> Float { exponentialMinusOne(x, plus: 1) }
  /// Returns e to the power of `x`, minus one, exact near zero.
  public static func expm1(_ x: Float) -> Float { exponentialMinusOne(x, plus: 0) }
  /// Returns the natural logarithm of `x`.
  public static func log(_ x: Float) -> Float { Foundation.log(x) }
  /// Returns the hyperbolic tangent of `x`.
  public static func tanh(_ x: Float) -> Float {
    let power = expm1(2 * (x < -10 ? -10 : (x > 10 ? 10 : x)))
    return power / (power + 2)
  }
  /// Multiplies with four rows of eight columns held in vector registers.
  public static func multiply(
    _ panels: PanelProduct<Float>, into tile: UnsafeMutableBufferPointer<Float>
  ) {
    panels.multiplyInRegisters(into: tile)
  }
}

extension Double: TensorScalar {
  /// Plain loops: what gradients are checked with.
  public typealias Network = PlainKernels<Double>
  /// Returns e to the power of `x`.
  public static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  /// Returns e to the power of `x`, minus one, exact near zero.
  public static func expm1(_ x: Double) -> Double { Foundation.expm1(x) }
  /// Returns the natural logarithm of `x`.
  public static func log(_ x: Double) -> Double { Foundation.log(x) }
  /// Returns the hyperbolic tangent of `x`.
  public static func tanh(_ x: Double) -> Double { Foundation.tanh(x) }
}
