internal import Foundation
internal import ModelGraph

/// `Resize` by cubic polynomials over four places (Keys 1981), as the matrix that brings one axis to another extent.
struct CubicInterpolation {
  /// ONNX `cubic_coeff_a`.
  var slope: Double
  /// Whether places beyond the border count for nothing; otherwise they repeat it (ONNX `exclude_outside`).
  var excludesOutside: Bool
  var coordinates: Resize.Coordinates

  /// The weights of each input place for each output place, `[outputs][inputs]`.
  ///
  /// - Parameter scale: output places per input place, if that is not the ratio of the extents.
  func matrix(from inputs: Int, to outputs: Int, scale: Float?) -> [Float] {
    let scale = scale.map(Double.init) ?? Double(outputs) / Double(inputs)
    var matrix = [Float](repeating: 0, count: outputs * inputs)
    for output in 0..<outputs {
      let centre = position(of: output, inputs, outputs, scale)
      let first = Int(centre.rounded(.down)) - 1
      var weights = (first...first + 3).map { weight(Double($0) - centre) }
      if excludesOutside {
        for place in 0..<4 where !(0..<inputs).contains(first + place) { weights[place] = 0 }
        let total = weights.reduce(0, +)
        weights = weights.map { $0 / total }
      }
      for (place, weight) in weights.enumerated() {
        let input = min(max(first + place, 0), inputs - 1)
        matrix[output * inputs + input] += Float(weight)
      }
    }
    return matrix
  }

  private func position(of output: Int, _ inputs: Int, _ outputs: Int, _ scale: Double) -> Double {
    switch coordinates {
    case .halfPixel: (Double(output) + 0.5) / scale - 0.5
    case .pytorchHalfPixel: outputs > 1 ? (Double(output) + 0.5) / scale - 0.5 : 0
    case .alignCorners:
      // The extent that is scaled to need not be a whole number.
      outputs > 1 ? Double(output) * Double(inputs - 1) / (scale * Double(inputs) - 1) : 0
    case .asymmetric: Double(output) / scale
    }
  }

  private func weight(_ offset: Double) -> Double {
    let x = abs(offset)
    if x <= 1 { return ((slope + 2) * x - (slope + 3)) * x * x + 1 }
    return x < 2 ? ((slope * x - 5 * slope) * x + 8 * slope) * x - 4 * slope : 0
  }
}

extension ONNXImporter {
  /// A feature map at another size: a product with a matrix for its rows, and with one for its columns.
  mutating func resized(
    _ value: Value, to size: Extent, _ scales: Resize.Scales?, by cubic: CubicInterpolation,
    _ name: String
  ) throws -> Value {
    let (rows, columns) = (value.extents[2], value.extents[3])
    var result = value
    if size.height != rows || scales.map({ $0.height != 1 }) ?? false {
      let matrix = cubic.matrix(from: rows, to: size.height, scale: scales?.height)
      let node = try numbers(matrix, shape: [size.height, rows], "\(name).rows")
      result = try emit("\(name).vertical", .matMul, [node, result.node], batchAxis: 0)
    }
    guard size.width != columns || scales.map({ $0.width != 1 }) ?? false else { return result }
    let matrix = cubic.matrix(from: columns, to: size.width, scale: scales?.width)
    var transposed = matrix
    for output in 0..<size.width {
      for input in 0..<columns {
        transposed[input * size.width + output] = matrix[output * columns + input]
      }
    }
    let node = try numbers(transposed, shape: [columns, size.width], "\(name).columns")
    return try emit(name, .matMul, [result.node, node], batchAxis: 0)
  }

  /// Numbers that no training found, as a node.
  private mutating func numbers(_ values: [Float], shape: [Int], _ name: String) throws -> String {
    let tensor = ONNXConstant.known(ONNXTensor(values, shape: shape))
    let parameter = draft.parameter(tensor, identity: name, name: name)
    let constant = Constant(parameter, shape: Shape(shape), isLearned: false)
    return try draft.add(name, .constant(constant), [])
  }
}
