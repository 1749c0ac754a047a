internal import CKernels
internal import ModelGraph

extension VectorKernels {
  /// The sums are taken of a few images at a time, while they are in the cache.
  public static func convolutionWithSums(
    _ x: Tensor<Float>, _ weight: Tensor<Float>, _ shape: ConvolutionShape, threads: Int
  ) -> (output: Tensor<Float>, sums: [Double], squares: [Double]) {
    let pass = ConvolutionPass.forward(shape)
    let filters = shape.filters
    var partial = [Double](repeating: 0, count: pass.pieces * 2 * filters)
    let output = partial.withUnsafeMutableBufferPointer { partial in
      pass.run(x, weight, bias: nil, threads: threads) { piece, result in
        guard let sums = partial.baseAddress.map({ $0 + piece * 2 * filters }) else { return }
        sculpt_channel_moments(
          result.baseAddress, result.count / filters, Int32(filters), sums, sums + filters)
      }
    }
    let totals = (0..<2 * filters).map { index in
      stride(from: index, to: partial.count, by: 2 * filters).reduce(0.0) { $0 + partial[$1] }
    }
    return (output, Array(totals[..<filters]), Array(totals[filters...]))
  }

  /// The gradient of a few images' output is computed into the cache, with its halo, and both others from
  /// there.
  public static func convolutionGradients(
    _ gradient: ChannelGradient<Float>, _ x: Tensor<Float>, _ weight: Tensor<Float>,
    _ shape: ConvolutionShape, needsInput: Bool, keepsClamped: Bool, threads: Int
  ) -> ConvolutionGradients<Float> {
    guard shape.filters % 8 == 0, shape.groups == 1 || shape.isDepthwise else {
      return separateGradients(
        gradient, x, weight, shape, needsInput: needsInput, keepsClamped: keepsClamped,
        threads: threads)
    }
    let pass = ConvolutionPass.inputGradient(shape)
    let sum = WeightGradient(shape, gradient: pass.source)
    let piece = max(1, min(192 / max(shape.input.area, 1), sum.imagesPerPart))
    let prepared = PreparedPass(pass, weight, bias: nil, imagesPerPiece: piece)
    var (inputGradient, weightGradient): (Tensor<Float>?, Tensor<Float>?)
    let clamped = gradient.withKernel(keepingClamped: keepsClamped) { compute in
      x.scalars.withUnsafeBufferPointer { x in
        func run(_ result: UnsafeMutableBufferPointer<Float>?) {
          weightGradient = sum.sum(
            imagesPerPiece: piece, threads: threads,
            scratch: { (padded: pass.source.padding(images: piece), result: prepared.scratch()) }
          ) { images, scratch, add in
            scratch.padded.withUnsafeMutableBufferPointer { padded in
              guard let padded = padded.baseAddress else { return }
              pass.source.forEachRow(of: images) { first, place in
                compute(first, shape.output.width, padded + place)
              }
              add(x, padded)
              guard let result else { return }
              prepared.run(
                padded, images: images.count, scratch: &scratch.result,
                to: UnsafeMutableBufferPointer(rebasing: result[pass.elements(of: images)]))
            }
          }
        }
        if needsInput {
          inputGradient = Tensor(shape: pass.outputShape) { run($0) }
        } else {
          run(nil)
        }
      }
    }
    return ConvolutionGradients(
      input: inputGradient,
      weight: weightGradient ?? Tensor(shape: shape.weightShape, repeating: 0), clamped: clamped)
  }
}
