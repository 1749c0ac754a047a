internal import ModelGraph

extension ONNXExporter {
  /// Taps that are zero in every filter are not computed, as far as smaller kernels can leave them out: the layer is
  /// then one of them, or the sum of two. Behind a batch-norm engines would not compute that together with the
  /// second, so that it is one there.
  mutating func add(_ convolution: Convolution, _ index: Int) throws(FormatError) {
    let node = model.graph.nodes[index]
    let readers = model.graph.consumers[index].map { model.graph.nodes[$0] }
    let isNormalized = readers.contains {
      if case .batchNormalization = $0.op { true } else { false }
    }
    guard let used = try parameter(convolution.weight).usedTaps(of: convolution.kernel),
      !used.isDense,
      let boxes = convolution.boxes(holding: used, most: isNormalized ? 1 : 2)
    else {
      try emit(convolution, .whole, source(node), convolution.bias)
      return
    }
    var parts: [String] = []
    for box in boxes {
      parts.append(
        try emit(
          convolution.convolution(of: box), .box(box), source(node),
          parts.count == boxes.count - 1 ? convolution.bias : nil))
    }
    guard parts.count > 1 else { return }
    if readers.count == 1, case .arithmetic(.add) = readers[0].op, readers[0].shape == node.shape,
      readers[0].inputs[0] != readers[0].inputs[1]
    {
      // The last of them gets the layer's name.
      sums[index] = parts.dropLast() + [activation(index)]
    } else {
      emit("Add", parts)
    }
  }

  /// A sum of which some terms are sums of two convolutions: one after the other is added to the first, as engines
  /// compute a convolution together with one addition behind it.
  mutating func addSum(_ node: Node) {
    let whole = zip(node.inputs, operands(node)).filter { sums[$0.0] == nil }.map(\.1)
    let terms = whole + node.inputs.flatMap { sums[$0] ?? [] }
    _ = terms.dropFirst().reduce(terms[0]) { emit("Add", [$0, $1]) }
  }

  @discardableResult private mutating func emit(
    _ convolution: Convolution, _ form: TensorForm, _ source: String, _ bias: String?
  ) throws(FormatError) -> String {
    var inputs = [source, try tensor(convolution.weight, form)]
    if let bias { inputs.append(try tensor(bias)) }
    return emit(
      "Conv", inputs,
      [
        .integers("kernel_shape", convolution.kernel), .integers("strides", convolution.strides),
        .integers("pads", convolution.pads), .integers("dilations", convolution.dilations),
        .integer("group", convolution.groups),
      ])
  }
}

extension Parameter {
  /// The taps that are not zero in every filter of a convolution's weight; nil if masks are not made for its kernel.
  func usedTaps(of kernel: Extent) -> TapMask? {
    guard kernel.area <= TapMask.maximumTaps else { return nil }
    var used = TapMask(kernel: kernel, bits: 0)
    for start in stride(from: 0, to: values.count, by: kernel.area) {
      // Most kernels have no zeros.
      if used.isDense { break }
      for tap in 0..<kernel.area where values[start + tap] != 0 {
        used[tap / kernel.width, tap % kernel.width] = true
      }
    }
    return used
  }
}
