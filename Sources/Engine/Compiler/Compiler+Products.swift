import ModelGraph

extension Compiler {
  mutating func compileProduct(_ index: Int) {
    let node = graph.nodes[index]
    let shape = node.shape
    let (leftShape, rightShape) = (
      graph.nodes[node.inputs[0]].shape, graph.nodes[node.inputs[1]].shape
    )
    let left = read(node.inputs[0], [leftShape.rank - 1], rowMajor: true)
    let right = read(node.inputs[1], [rightShape.rank - 1], rowMajor: true)
    let rows = shape.dimensions[shape.rank - 2]
    let inner = leftShape.dimensions[leftShape.rank - 1]
    let columns = shape.dimensions[shape.rank - 1]
    let outer = Shape(Array(shape.dimensions.dropLast(2)))
    func batches(_ own: Shape, _ pixels: Int) -> [Int] {
      Self.broadcastIndices(from: Shape(Array(own.dimensions.dropLast(2))), to: outer)
        .map { $0 * pixels }
    }
    let destination = allocate(
      index, Self.layout(shape, channelAxes: [shape.rank - 1]),
      Arrangement(shape, channelAxes: [shape.rank - 1]))
    emit(
      .multiply(
        MultiplyStep(
          left: left.buffer, right: right.buffer, destination: destination, rows: rows,
          inner: inner, columns: columns, leftBatches: batches(leftShape, rows),
          rightBatches: batches(rightShape, inner))))
    computedMACs += graph.macs(of: index)
    release(inputsOf: index)
  }

  mutating func compile(_ attention: Attention, _ index: Int) {
    let node = graph.nodes[index]
    let inputs = node.inputs.map { readHeads($0, attention.heads) }
    let features = graph.nodes[node.inputs[2]].shape.channels / attention.heads
    let keyBlocks = memory.layout(inputs[0]).blocks / attention.heads
    let valueBlocks = memory.layout(inputs[2]).blocks / attention.heads
    let isPadded = !features.isMultiple(of: 8)
    let layout = Layout(
      Shape([valueBlocks * 8 * attention.heads, 1, node.shape.width]), halo: .none)
    let result =
      isPadded ? allocateTemporary(layout) : allocate(index, layout, .natural(node.shape))
    emit(
      .attend(
        AttendStep(
          queries: inputs[0], keys: inputs[1], values: inputs[2], destination: result,
          heads: attention.heads, scale: attention.scale, keyBlocks: keyBlocks,
          valueBlocks: valueBlocks)))
    computedMACs += graph.macs(of: index)
    if isPadded {
      let from = paddedHeads(node.shape, attention.heads).offsets(in: layout)
      let destination = allocate(index)
      move(
        result, from, to: destination,
        Arrangement.natural(node.shape).offsets(in: memory.layout(destination)),
        filling: node.shape.channels.isMultiple(of: 8) ? nil : 0)
    }
    release(inputsOf: index)
  }

  /// Tokens whose heads begin on blocks of 8 channels.
  private mutating func readHeads(_ node: Int, _ heads: Int) -> Int {
    let shape = graph.nodes[node].shape
    if (shape.channels / heads).isMultiple(of: 8) {
      return read(node, [1], rowMajor: true).buffer
    }
    let source = read(node)
    let padded = (shape.channels / heads + 7) / 8 * 8
    let layout = Layout(Shape([padded * heads, 1, shape.width]), halo: .none)
    let buffer = allocateTemporary(layout)
    move(
      source.buffer, source.arrangement.offsets(in: memory.layout(source.buffer)), to: buffer,
      paddedHeads(shape, heads).offsets(in: layout), filling: 0)
    return buffer
  }

  /// Tokens `[T, heads * d]` whose heads are as many channels apart as whole blocks need.
  private func paddedHeads(_ shape: Shape, _ heads: Int) -> Arrangement {
    let features = shape.channels / heads
    return Arrangement(axes: [
      [.init(extent: shape.width, isChannel: false, stride: 1)],
      [
        .init(extent: heads, isChannel: true, stride: (features + 7) / 8 * 8),
        .init(extent: features, isChannel: true, stride: 1),
      ],
    ])
  }
}
