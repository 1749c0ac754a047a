extension ConstantFolding {
  /// A batch normalisation of constants: kernels standardised over what each filter reads.
  ///
  /// In training mode the statistics are those of the values, otherwise the given ones.
  func normalized() throws -> ONNXTensor {
    let source = try tensor(0)
    guard source.shape.count >= 2 else { throw Failure(reason: "has no channels") }
    let channels = source.shape[1]
    let given = try (1...4).map { try tensor($0).floats }
    guard given.allSatisfy({ $0.count == channels }) else {
      throw Failure(reason: "has parameters for other than \(channels) channels")
    }
    let epsilon = Double(try node.float("epsilon") ?? 1e-5)
    let isTraining = try node.integer("training_mode") == 1
    let count = source.shape[2...].reduce(1, *)
    var values = source.floats
    for channel in 0..<channels {
      let runs = stride(from: channel * count, to: values.count, by: channels * count)
        .map { $0..<$0 + count }
      var (mean, variance) = (Double(given[2][channel]), Double(given[3][channel]))
      if isTraining {
        let number = Double(runs.count * count)
        mean = runs.joined().reduce(0) { $0 + Double(values[$1]) } / number
        variance =
          runs.joined().reduce(0) { sum, place in
            let difference = Double(values[place]) - mean
            return sum + difference * difference
          } / number
      }
      let scale = Double(given[0][channel]) / (variance + epsilon).squareRoot()
      for place in runs.joined() {
        values[place] = Float(
          (Double(values[place]) - mean) * scale + Double(given[1][channel]))
      }
    }
    return ONNXTensor(values, shape: source.shape)
  }
}
