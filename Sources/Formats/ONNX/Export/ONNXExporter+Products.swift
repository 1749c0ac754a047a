internal import ModelGraph

extension ONNXExporter {
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
