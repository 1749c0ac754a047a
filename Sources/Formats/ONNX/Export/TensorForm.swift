internal import ModelGraph

/// The values of a parameter behind an operator of ONNX.
enum TensorForm: Hashable {
  case whole
  /// The same values under other extents.
  case shaped([Int])
  /// Rows as columns: `MatMul` wants `[in, out]`.
  case transposed
  /// Some rows and columns of each filter.
  case box(KernelBox)

  func applied(to parameter: Parameter) -> ONNXTensor {
    let tensor = ONNXTensor(parameter.values, shape: parameter.shape)
    switch self {
    case .whole: return tensor
    case .shaped(let shape): return ONNXTensor(parameter.values, shape: shape)
    case .transposed: return tensor.transposed([1, 0])
    case .box(let box):
      let (filters, channels) = (parameter.shape[0], parameter.shape[1])
      return tensor.selecting(
        [Array(0..<filters), Array(0..<channels), box.rows, box.columns],
        shape: [filters, channels, box.rows.count, box.columns.count])
    }
  }
}
