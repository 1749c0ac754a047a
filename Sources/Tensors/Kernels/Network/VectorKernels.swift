internal import CKernels
internal import Kernels

/// The engine's kernels for the best instruction set of this processor, on any number of threads. Work is
/// divided into the same pieces whatever the number of threads, and sums over pieces are taken in order.
public enum VectorKernels: NetworkKernels {
  private static let instructionSet = InstructionSet.best

  /// Filters that one call of `convolve` computes at most.
  static let widestTile = instructionSet.widestTile

  static let convolve = checked(sculpt_convolve(instructionSet.cValue))
  static let outer = checked(sculpt_outer(instructionSet.cValue))

  private static func checked<Kernel>(_ kernel: Kernel?) -> Kernel {
    guard let kernel else { preconditionFailure("the best instruction set has every kernel") }
    return kernel
  }

  /// A convolution by the engine's tile kernel, a few images at a time.
  public static func convolution(
    _ x: Tensor<Float>, _ weight: Tensor<Float>, bias: Tensor<Float>?, _ shape: ConvolutionShape,
    threads: Int
  ) -> Tensor<Float> {
    ConvolutionPass.forward(shape).run(x, weight, bias: bias, threads: threads)
  }

  /// A convolution of the gradient, by the engine's tile kernel.
  public static func convolutionInputGradient(
    _ gradient: Tensor<Float>, _ weight: Tensor<Float>, _ shape: ConvolutionShape, threads: Int
  ) -> Tensor<Float> {
    ConvolutionPass.inputGradient(shape).run(gradient, weight, bias: nil, threads: threads)
  }

  /// Outer products of inputs and gradients, summed over pixels.
  public static func convolutionWeightGradient(
    _ gradient: Tensor<Float>, _ x: Tensor<Float>, _ shape: ConvolutionShape, threads: Int
  ) -> Tensor<Float> {
    WeightGradient(shape).run(gradient, x, threads: threads)
  }
}
