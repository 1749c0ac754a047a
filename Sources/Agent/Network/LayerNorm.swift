internal import Tensors

/// Layer normalisation with a learned gain and bias: [rows, width] -> [rows, width].
struct LayerNorm {
  private let gain: Parameters.Key
  private let bias: Parameters.Key

  init(_ name: String, width: Int, in parameters: inout Parameters) {
    gain = parameters.add("\(name).gain", Tensor(shape: [width], repeating: 1))
    bias = parameters.add("\(name).bias", Tensor(shape: [width], repeating: 0))
  }

  func callAsFunction(
    _ input: Variable<Float>, _ parameters: BoundParameters
  ) -> Variable<Float> {
    input.layerNorm(gain: parameters[gain], bias: parameters[bias])
  }
}
