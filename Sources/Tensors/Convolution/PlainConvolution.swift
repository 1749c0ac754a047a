internal import ModelGraph

/// A convolution and its gradients as plain loops: the reference for every faster one.
struct PlainConvolution<Scalar: TensorScalar> {
  let shape: ConvolutionShape

  /// y[n, p, k] = bias[k] + sum over taps and channels of w[k, c, tap] x[n, p + tap, c].
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func output(
    _ input: Tensor<Scalar>, _ weight: Tensor<Scalar>, bias: Tensor<Scalar>?
  ) -> Tensor<Scalar> {
    var output = Tensor<Scalar>(shape: shape.outputShape, repeating: 0)
    forEachProduct { x, w, y in output.scalars[y] += input.scalars[x] * weight.scalars[w] }
    if let bias {
      for index in output.scalars.indices {
        output.scalars[index] += bias.scalars[index % shape.filters]
      }
    }
    return output
  }

  /// The gradient of the input, given that of the output.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func inputGradient(_ gradient: Tensor<Scalar>, _ weight: Tensor<Scalar>) -> Tensor<Scalar> {
    var result = Tensor<Scalar>(shape: shape.inputShape, repeating: 0)
    forEachProduct { x, w, y in result.scalars[x] += gradient.scalars[y] * weight.scalars[w] }
    return result
  }

  /// The gradient of the weight, given that of the output.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func weightGradient(_ gradient: Tensor<Scalar>, _ input: Tensor<Scalar>) -> Tensor<Scalar> {
    var result = Tensor<Scalar>(shape: shape.weightShape, repeating: 0)
    forEachProduct { x, w, y in result.scalars[w] += gradient.scalars[y] * input.scalars[x] }
    return result
  }

  /// Every product that is summed: the places of the input, the weight and the output.
  @inline(__always)
  private func forEachProduct(_ body: (_ input: Int, _ weight: Int, _ output: Int) -> Void) {
    let (input, output, kernel) = (shape.input, shape.output, shape.kernel)
    let (channels, filters) = (shape.groupChannels, shape.groupFilters)
    for n in 0..<shape.images {
      for y in 0..<output.height {
        for x in 0..<output.width {
          for ty in 0..<kernel.height {
            for tx in 0..<kernel.width {
              let (row, column) = (shape.row(y, tap: ty), shape.column(x, tap: tx))
              guard 0..<input.height ~= row, 0..<input.width ~= column else { continue }
              let pixel = ((n * input.height + row) * input.width + column) * shape.channels
              let target = ((n * output.height + y) * output.width + x) * shape.filters
              for k in 0..<shape.filters {
                let first = pixel + k / filters * channels
                for c in 0..<channels {
                  let tap = ((k * channels + c) * kernel.height + ty) * kernel.width + tx
                  body(first + c, tap, target + k)
                }
              }
            }
          }
        }
      }
    }
  }
}
