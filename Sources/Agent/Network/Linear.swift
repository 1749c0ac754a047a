internal import Tensors

/// x W + b: [rows, inputs] -> [rows, outputs].
struct Linear {
  private let weight: Parameters.Key
  private let bias: Parameters.Key?

  /// Adds the layer's parameters: weights normal with variance `gain`^2 / inputs (arXiv 1502.01852), bias
  /// zero.
  init(
    _ name: String, inputs: Int, outputs: Int, gain: Float = 1, hasBias: Bool = true,
    in parameters: inout Parameters, using generator: inout SeededGenerator
  ) {
    let deviation = gain / Float(inputs).squareRoot()
    weight = parameters.add(
      "\(name).weight",
      generator.normalTensor(shape: [inputs, outputs], deviation: deviation))
    bias =
      hasBias ? parameters.add("\(name).bias", Tensor(shape: [outputs], repeating: 0)) : nil
  }

  /// Changes the parameters so that every output y becomes `scale` y + `shift`.
  func transformOutputs(scale: Float, shift: Float, in parameters: inout Parameters) {
    let weights = parameters[weight]
    parameters[weight] = Tensor(shape: weights.shape, scalars: weights.scalars.map { $0 * scale })
    guard let bias else { return }
    let biases = parameters[bias]
    parameters[bias] = Tensor(
      shape: biases.shape, scalars: biases.scalars.map { $0 * scale + shift })
  }

  func callAsFunction(
    _ input: Variable<Float>, _ parameters: BoundParameters
  ) -> Variable<Float> {
    let product = input.matmul(parameters[weight])
    guard let bias else { return product }
    return product + parameters[bias]
  }
}
