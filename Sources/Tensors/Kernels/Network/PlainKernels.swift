internal import Foundation
public import ModelGraph

/// Every kernel as the plain loop that its formula says: the reference for the faster ones, and what
/// gradients are checked with in double precision.
public enum PlainKernels<Scalar: TensorScalar>: NetworkKernels {
  /// A convolution in plain loops.
  public static func convolution(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, bias: Tensor<Scalar>?, _ shape: ConvolutionShape,
    threads: Int
  ) -> Tensor<Scalar> {
    PlainConvolution(shape: shape).output(x, weight, bias: bias)
  }

  /// The gradient of a convolution's input in plain loops.
  public static func convolutionInputGradient(
    _ gradient: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ shape: ConvolutionShape, threads: Int
  ) -> Tensor<Scalar> {
    PlainConvolution(shape: shape).inputGradient(gradient, weight)
  }

  /// The gradient of a convolution's weight in plain loops.
  public static func convolutionWeightGradient(
    _ gradient: Tensor<Scalar>, _ x: Tensor<Scalar>, _ shape: ConvolutionShape, threads: Int
  ) -> Tensor<Scalar> {
    PlainConvolution(shape: shape).weightGradient(gradient, x)
  }

  /// x + y, one element after another.
  public static func sum(
    _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, threads: Int
  ) -> Tensor<Scalar> {
    x.combined(with: y, by: .sum)
  }

  /// The sum of each channel and of its square, one element after another.
  public static func channelSums(
    _ x: Tensor<Scalar>, threads: Int
  ) -> (sums: [Double], squares: [Double]) {
    var sums = [Double](repeating: 0, count: x.rowLength)
    var squares = sums
    for (index, value) in x.scalars.enumerated() {
      sums[index % x.rowLength] += Double(value)
      squares[index % x.rowLength] += Double(value) * Double(value)
    }
    return (sums, squares)
  }

  /// y = clamp(x scale[c] + shift[c] + residual), one element after another.
  public static func channelAffine(
    _ x: Tensor<Scalar>, residual: Tensor<Scalar>?, scale: [Scalar], shift: [Scalar],
    clamp: ClosedRange<Scalar>, threads: Int
  ) -> Tensor<Scalar> {
    let width = x.rowLength
    return Tensor(
      shape: x.shape,
      scalars: x.scalars.indices.map { index in
        let value =
          x.scalars[index] * scale[index % width] + shift[index % width]
          + (residual?.scalars[index] ?? 0)
        return min(max(value, clamp.lowerBound), clamp.upperBound)
      })
  }

  /// The sums of g' and of g' x, one element after another.
  public static func channelGradientSums(
    _ gradient: ClampedGradient<Scalar>, _ x: Tensor<Scalar>, threads: Int
  ) -> (sums: [Double], products: [Double]) {
    var sums = [Double](repeating: 0, count: x.rowLength)
    var products = sums
    for (index, value) in passed(gradient, x).scalars.enumerated() {
      sums[index % x.rowLength] += Double(value)
      products[index % x.rowLength] += Double(value) * Double(x.scalars[index])
    }
    return (sums, products)
  }

  /// g' scale[c] + x slope[c] + shift[c], one element after another.
  public static func channelGradient(
    _ gradient: ChannelGradient<Scalar>, keepsClamped: Bool, threads: Int
  ) -> (x: Tensor<Scalar>, clamped: Tensor<Scalar>?) {
    let x = gradient.x
    let passed = passed(gradient.clamped, x)
    let result = Tensor(
      shape: x.shape,
      scalars: x.scalars.indices.map { index in
        let c = index % x.rowLength
        return passed.scalars[index] * gradient.scale[c] + x.scalars[index] * gradient.slope[c]
          + gradient.shift[c]
      })
    return (result, keepsClamped ? passed : nil)
  }

  private static func passed(
    _ gradient: ClampedGradient<Scalar>, _ x: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let y =
      switch gradient.argument {
      case .result(let y): y
      case .affine(let scale, let shift):
        channelAffine(
          x, residual: nil, scale: scale, shift: shift, clamp: -.infinity ... .infinity, threads: 1)
      }
    let clamp = gradient.clamp
    return gradient.gradient.zip(y) { g, y in
      clamp.lowerBound < y && y < clamp.upperBound ? g : 0
    }
  }

  /// A layer normalisation, row by row.
  public static func normalizedRows(
    _ x: Tensor<Scalar>, gain: Tensor<Scalar>, bias: Tensor<Scalar>, epsilon: Scalar, threads: Int
  ) -> NormalizedRows<Scalar> {
    let width = x.rowLength
    var result = NormalizedRows(output: x, means: [], scales: [])
    for start in stride(from: 0, to: x.count, by: width) {
      let row = x.scalars[start..<start + width]
      let mean = row.reduce(0, +) / Scalar(width)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Scalar(width)
      let scale = 1 / (variance + epsilon).squareRoot()
      for c in 0..<width {
        result.output.scalars[start + c] =
          (x.scalars[start + c] - mean) * scale * gain.scalars[c] + bias.scalars[c]
      }
      result.means.append(mean)
      result.scales.append(scale)
    }
    return result
  }

  /// With n the normalised row and h = g gain: dx = s (h - mean(h) - n mean(h n)).
  public static func normalizedRowsGradient(
    _ gradient: Tensor<Scalar>, _ x: Tensor<Scalar>, gain: Tensor<Scalar>,
    _ rows: NormalizedRows<Scalar>, threads: Int
  ) -> (x: Tensor<Scalar>, gain: Tensor<Scalar>, bias: Tensor<Scalar>) {
    let width = x.rowLength
    var result = (
      x: x, gain: Tensor<Scalar>(shape: gain.shape, repeating: 0),
      bias: Tensor<Scalar>(shape: gain.shape, repeating: 0)
    )
    for (row, start) in stride(from: 0, to: x.count, by: width).enumerated() {
      let normal = (0..<width).map { (x.scalars[start + $0] - rows.means[row]) * rows.scales[row] }
      let scaled = (0..<width).map { gradient.scalars[start + $0] * gain.scalars[$0] }
      let mean = scaled.reduce(0, +) / Scalar(width)
      let slope = Swift.zip(scaled, normal).reduce(0) { $0 + $1.0 * $1.1 } / Scalar(width)
      for c in 0..<width {
        result.x.scalars[start + c] = rows.scales[row] * (scaled[c] - mean - normal[c] * slope)
        result.gain.scalars[c] += gradient.scalars[start + c] * normal[c]
        result.bias.scalars[c] += gradient.scalars[start + c]
      }
    }
    return result
  }

  /// The function of each element in double precision.
  public static func activation(
    _ function: Activation, _ x: Tensor<Scalar>, threads: Int
  ) -> Tensor<Scalar> {
    x.map { Scalar(function.value(Double($0))) }
  }

  /// The gradient times the function's derivative, in double precision.
  public static func activationGradient(
    _ function: Activation, _ gradient: Tensor<Scalar>, _ x: Tensor<Scalar>, threads: Int
  ) -> Tensor<Scalar> {
    x.zip(gradient) { x, g in g * Scalar(function.slope(Double(x))) }
  }
}

extension Activation {
  /// The derivative of `value` at x.
  func slope(_ x: Double) -> Double {
    switch self {
    case .relu: return x > 0 ? 1 : 0
    case .leakyRelu(let slope): return x > 0 ? 1 : Double(slope)
    case .clip(let low, let high): return Double(low) < x && x < Double(high) ? 1 : 0
    case .hardSigmoid(let alpha, let beta):
      let y = Double(alpha) * x + Double(beta)
      return 0 < y && y < 1 ? Double(alpha) : 0
    case .hardSwish: return x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5
    case .sigmoid:
      let y = value(x)
      return y * (1 - y)
    case .silu:
      let y = Activation.sigmoid.value(x)
      return y * (1 + x * (1 - y))
    case .gelu(isApproximate: false):
      let density = Foundation.exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      return (1 + Foundation.erf(x / 2.0.squareRoot())) / 2 + x * density
    case .gelu(isApproximate: true):
      let y = Foundation.tanh(Self.argument(x))
      let slope = (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * x * x)
      return (1 + y) / 2 + x * (1 - y * y) * slope / 2
    case .tanh: return 1 - Foundation.tanh(x) * Foundation.tanh(x)
    case .erf: return 2 / Double.pi.squareRoot() * Foundation.exp(-x * x)
    case .exp: return Foundation.exp(x)
    case .sqrt: return 1 / (2 * x.squareRoot())
    }
  }

  /// The argument of the tanh in GELU's approximation (arXiv 1606.08415, section 2).
  private static func argument(_ x: Double) -> Double {
    (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
  }
}
