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

  mutating func add(_ linear: Linear, _ node: Node) throws(FormatError) {
    if node.shape.rank == 1 {
      var inputs = [source(node), try tensor(linear.weight)]
      if let bias = linear.bias { inputs.append(try tensor(bias)) }
      emit("Gemm", inputs, [.integer("transB", 1)])
    } else {
      let product = emit("MatMul", [source(node), try tensor(linear.weight, .transposed)])
      if let bias = linear.bias { emit("Add", [product, try tensor(bias)]) }
    }
  }

  /// softmax(q k' scale) v, the heads an axis of their own.
  mutating func add(_ attention: Attention, _ node: Node) {
    let query = heads(attention, node, 0, [1, 0, 2])
    let key = heads(attention, node, 1, [1, 2, 0])
    let value = heads(attention, node, 2, [1, 0, 2])
    let scores = emit("Mul", [emit("MatMul", [query, key]), number(attention.scale)])
    let weights = emit("Softmax", [scores], [.integer("axis", 3)])
    let heads = transpose(emit("MatMul", [weights, value]), [1, 0, 2])
    reshape(heads, to: node.shape.dimensions)
  }

  /// An input's tokens `[T, heads * d]` as `[T, heads, d]`, transposed.
  private mutating func heads(
    _ attention: Attention, _ node: Node, _ place: Int, _ permutation: [Int]
  ) -> String {
    let shape = model.graph.nodes[node.inputs[place]].shape.dimensions
    let parts = reshape(
      activation(node.inputs[place]),
      to: [shape[0], attention.heads, shape[1] / attention.heads])
    return transpose(parts, permutation)
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
