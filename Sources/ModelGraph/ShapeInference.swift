/// The largest extent, channel count or kernel that is accepted; keeps every product in 64 bits.
private let largestExtent = 1 << 20
/// The largest activation or weight, in elements.
private let largestCount = 1 << 31
/// The most multiply-accumulates that a graph may take for one image.
private let mostMACs = 1 << 58
/// The most axes of an activation.
private let mostAxes = 8

/// Checks the cost of a whole graph, so that sums of it cannot overflow either.
func checkCosts(of graph: Graph) throws(GraphError) {
  var total = 0
  for (index, node) in graph.nodes.enumerated() {
    // Weight and output have at most 2^31 elements each, so one node has at most 2^62 MACs.
    total += graph.macs(of: index)
    guard total <= mostMACs else {
      throw GraphError(
        node: node.name, "brings the model to \(total) multiply-accumulates, more than \(mostMACs)")
    }
  }
}

func checkedInput(_ shape: Shape) throws(GraphError) -> Shape {
  guard shape.rank > 0 else {
    throw GraphError(node: "input", "has no axes; give it a shape like [C, H, W] or [F]")
  }
  return try checked(shape, of: "input")
}

private func checked(_ shape: Shape, of node: String) throws(GraphError) -> Shape {
  guard shape.rank <= mostAxes else {
    throw GraphError(node: node, "shape \(shape) has more than \(mostAxes) axes")
  }
  var count = 1
  for extent in shape.dimensions {
    guard (1...largestExtent).contains(extent) else {
      throw GraphError(node: node, "shape \(shape) has an extent outside 1...\(largestExtent)")
    }
    count *= extent
    guard count <= largestCount else {
      throw GraphError(node: node, "shape \(shape) has more than \(largestCount) elements")
    }
  }
  return shape
}

/// The output shape of `node` for inputs of the given shapes.
func inferShape(of node: NodeDeclaration, from inputs: [Shape]) throws(GraphError) -> Shape {
  let shape = try ShapeInference(node: node, inputs: inputs).shape()
  return try checked(shape, of: node.name)
}

extension NodeDeclaration {
  /// The shape of its output for inputs of the given shapes.
  /// - Throws: `GraphError` if they do not suit it.
  package func shape(from inputs: [Shape]) throws(GraphError) -> Shape {
    try inferShape(of: self, from: inputs)
  }
}

/// The output shape of one node for its inputs' shapes.
private struct ShapeInference {
  let node: NodeDeclaration
  let inputs: [Shape]

  private func error(_ reason: String) -> GraphError {
    GraphError(node: node.name, op: node.op.name, reason)
  }

  func shape() throws(GraphError) -> Shape {
    switch node.op {
    case .input:
      throw error("only the graph itself has an input")
    case .constant(let constant):
      return constant.shape
    case .unsupported(let unsupported):
      return unsupported.shape
    case .convolution(let convolution):
      return try self.convolution(convolution)
    case .maxPool(let pooling), .averagePool(let pooling):
      return try pool(pooling)
    case .globalAveragePool:
      return Shape(channels: try featureMap().channels, height: 1, width: 1)
    case .linear(let linear):
      return try self.linear(linear)
    case .matMul:
      return try product()
    case .attention(let attention):
      return try self.attention(attention)
    case .activation, .batchNormalization:
      try check(axes: 1)
      return inputs[0]
    case .layerNormalization(let norm):
      try check(norm.axis)
      return inputs[0]
    case .groupNormalization(let norm):
      try check(axes: 1)
      guard norm.groups >= 1, inputs[0].dimensions[0].isMultiple(of: norm.groups) else {
        throw error("\(norm.groups) groups do not divide \(inputs[0].dimensions[0]) channels")
      }
      return inputs[0]
    case .parametricRelu(let slope):
      guard inputs[0].broadcast(with: slope.shape) == inputs[0] else {
        throw error("a slope of \(slope.shape) cannot be broadcast to \(inputs[0])")
      }
      return inputs[0]
    case .arithmetic:
      guard let shape = inputs[0].broadcast(with: inputs[1]) else {
        throw error("\(node.op.name) of \(inputs[0]) and \(inputs[1]): they cannot be broadcast")
      }
      return shape
    case .softmax(let axis):
      try check(axis)
      return inputs[0]
    case .reduceMean(let axes, let keepsAxes):
      for axis in axes { try check(axis) }
      return reduced(Set(axes), keepsAxes)
    case .argMax(let axis, let keepsAxis):
      try check(axis)
      return reduced([axis], keepsAxis)
    case .channelShuffle(let groups):
      guard groups >= 1, try featureMap().channels.isMultiple(of: groups) else {
        throw error("\(groups) groups do not divide \(inputs[0].channels) channels")
      }
      return inputs[0]
    default:
      return try rearranged()
    }
  }

  // MARK: Windows

  private func featureMap() throws(GraphError) -> Shape {
    guard inputs[0].isFeatureMap else {
      throw error("\(node.op.name) needs a feature map [C, H, W], its input is \(inputs[0])")
    }
    return inputs[0]
  }

  private func convolution(_ convolution: Convolution) throws(GraphError) -> Shape {
    let input = try featureMap()
    let groups = convolution.groups
    guard groups >= 1, input.channels.isMultiple(of: groups),
      convolution.outputChannels.isMultiple(of: groups)
    else {
      throw error(
        "\(groups) groups do not divide both \(input.channels) input and "
          + "\(convolution.outputChannels) output channels")
    }
    guard (1...largestExtent).contains(convolution.outputChannels) else {
      throw error("output channels must be between 1 and \(largestExtent)")
    }
    let extent = try slide(
      convolution.kernel, convolution.strides, convolution.pads, convolution.dilations)
    try checkWeight(
      [
        convolution.outputChannels, input.channels / groups, convolution.kernel.height,
        convolution.kernel.width,
      ])
    return Shape(
      channels: convolution.outputChannels, height: extent.height, width: extent.width)
  }

  private func pool(_ pooling: Pooling) throws(GraphError) -> Shape {
    let input = try featureMap()
    let extent = try slide(
      pooling.kernel, pooling.strides, pooling.pads, pooling.dilations, roundsUp: pooling.roundsUp)
    guard pooling.pads.top < pooling.window.height, pooling.pads.bottom < pooling.window.height,
      pooling.pads.left < pooling.window.width, pooling.pads.right < pooling.window.width
    else {
      throw error("pads must be smaller than the kernel \(pooling.kernel)")
    }
    return Shape(channels: input.channels, height: extent.height, width: extent.width)
  }

  /// The number of places where a window fits into the padded input.
  private func slide(
    _ kernel: Extent, _ strides: Extent, _ pads: Pads, _ dilations: Extent, roundsUp: Bool = false
  ) throws(GraphError) -> Extent {
    let input = inputs[0]
    let extents = [kernel, strides, dilations].flatMap { [$0.height, $0.width] }
    guard extents.allSatisfy((1...largestExtent).contains) else {
      throw error("kernel, strides and dilations must be between 1 and \(largestExtent)")
    }
    guard [pads.top, pads.left, pads.bottom, pads.right].allSatisfy((0...largestExtent).contains)
    else { throw error("pads must be between 0 and \(largestExtent)") }
    let window = kernel.spread(dilations)
    let height = input.height + pads.top + pads.bottom - window.height
    let width = input.width + pads.left + pads.right - window.width
    guard height >= 0, width >= 0 else {
      throw error("a \(window) window does not fit its padded input \(input)")
    }
    guard roundsUp else {
      return Extent(height / strides.height + 1, width / strides.width + 1)
    }
    // A window that would begin behind the input and its first pad has nothing to pool.
    func places(_ room: Int, _ stride: Int, _ inside: Int) -> Int {
      let places = (room + stride - 1) / stride + 1
      return (places - 1) * stride >= inside ? places - 1 : places
    }
    return Extent(
      places(height, strides.height, input.height + pads.top),
      places(width, strides.width, input.width + pads.left))
  }

  // MARK: Products

  private func linear(_ linear: Linear) throws(GraphError) -> Shape {
    try check(axes: 1)
    guard (1...largestExtent).contains(linear.outputFeatures) else {
      throw error(
        "has \(linear.outputFeatures) output features, not between 1 and \(largestExtent)")
    }
    let input = inputs[0].dimensions
    try checkWeight([linear.outputFeatures, input[input.count - 1]])
    return Shape(input.dropLast() + [linear.outputFeatures])
  }

  private func product() throws(GraphError) -> Shape {
    let (left, right) = (inputs[0].dimensions, inputs[1].dimensions)
    guard left.count >= 2, right.count >= 2, left[left.count - 1] == right[right.count - 2],
      let outer = Shape(left.dropLast(2)).broadcast(with: Shape(right.dropLast(2)))
    else { throw error("MatMul of \(inputs[0]) and \(inputs[1]): the shapes do not match") }
    return Shape(outer.dimensions + [left[left.count - 2], right[right.count - 1]])
  }

  private func attention(_ attention: Attention) throws(GraphError) -> Shape {
    guard inputs.allSatisfy({ $0.rank == 2 }),
      inputs[0].channels == inputs[1].channels,
      inputs[1].width == inputs[2].width, attention.heads >= 1,
      inputs[0].channels.isMultiple(of: attention.heads),
      inputs[2].channels.isMultiple(of: attention.heads)
    else {
      throw error(
        "attention of \(attention.heads) heads over \(inputs[0]), \(inputs[1]), \(inputs[2]): "
          + "needs tokens [T, D], [S, D], [S, E], the heads dividing D and E")
    }
    return Shape([inputs[0].width, inputs[2].channels])
  }

  /// Checks the element count of a weight with the given extents, each at least 1.
  private func checkWeight(_ extents: [Int]) throws(GraphError) {
    var count = 1
    for extent in extents {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows, product <= largestCount else {
        throw error("its weight \(Shape(extents)) has more than \(largestCount) elements")
      }
      count = product
    }
  }

  // MARK: Rearrangement

  private func rearranged() throws(GraphError) -> Shape {
    let input = inputs.first?.dimensions ?? []
    switch node.op {
    case .concat(let axis):
      try check(axis)
      var extents = input
      for other in inputs.dropFirst() {
        var rest = other.dimensions
        guard rest.count == input.count else { throw error(mismatch) }
        extents[axis] += rest[axis]
        rest[axis] = input[axis]
        guard rest == input else { throw error(mismatch) }
      }
      return Shape(extents)
    case .slice(let slice):
      return try self.slice(slice)
    case .gather(let gather):
      try check(gather.axis)
      guard gather.indices.allSatisfy((0..<input[gather.axis]).contains),
        gather.indicesShape.allSatisfy((1...largestExtent).contains),
        Shape(gather.indicesShape).checkedCount == gather.indices.count
      else { throw error("its indices do not fit axis \(gather.axis) of \(inputs[0])") }
      return Shape(
        input[..<gather.axis] + gather.indicesShape + input[(gather.axis + 1)...])
    case .flatten:
      return Shape([inputs[0].count])
    case .reshape(let shape):
      guard shape.dimensions.allSatisfy((1...largestExtent).contains),
        shape.checkedCount == inputs[0].count
      else { throw error("cannot reshape \(inputs[0]) to \(shape)") }
      return shape
    case .transpose(let permutation):
      guard permutation.sorted() == Array(input.indices) else {
        throw error("\(permutation) is no permutation of the axes of \(inputs[0])")
      }
      return Shape(permutation.map { input[$0] })
    case .expand(let shape):
      guard let broadcast = inputs[0].broadcast(with: shape) else {
        throw error("cannot expand \(inputs[0]) to \(shape)")
      }
      return broadcast
    case .pad(let padding):
      return try pad(padding)
    case .resize(let resize):
      return try self.resize(resize)
    default:
      throw error("\(node.op.name) has no shape")
    }
  }

  private var mismatch: String {
    "Concat of \(inputs.map(\.description).joined(separator: ", ")): only the axis that is "
      + "joined may differ"
  }

  private func slice(_ slice: Slice) throws(GraphError) -> Shape {
    let input = inputs[0].dimensions
    guard [slice.starts, slice.counts, slice.steps].allSatisfy({ $0.count == input.count }) else {
      throw error("its slice does not name every axis of \(inputs[0])")
    }
    for axis in input.indices {
      let (start, count) = (slice.starts[axis], slice.counts[axis])
      let (way, overflows) = slice.steps[axis].multipliedReportingOverflow(by: max(count - 1, 0))
      guard (0..<input[axis]).contains(start), count >= 1, !overflows,
        (-input[axis]...input[axis]).contains(way), (0..<input[axis]).contains(start + way)
      else { throw error("its slice leaves axis \(axis) of \(inputs[0])") }
    }
    return Shape(slice.counts)
  }

  private func pad(_ padding: Padding) throws(GraphError) -> Shape {
    let input = inputs[0].dimensions
    guard padding.before.count == input.count, padding.after.count == input.count else {
      throw error("its pads do not name every axis of \(inputs[0])")
    }
    for (axis, extent) in input.enumerated() {
      for amount in [padding.before[axis], padding.after[axis]] {
        guard (-largestExtent...largestExtent).contains(amount),
          padding.mode != .reflect || amount < extent
        else { throw error("cannot pad axis \(axis) of \(inputs[0]) by \(amount)") }
      }
    }
    return Shape(input.indices.map { padding.before[$0] + input[$0] + padding.after[$0] })
  }

  private func resize(_ resize: Resize) throws(GraphError) -> Shape {
    let input = try featureMap()
    let size = resize.size
    if let scales = resize.scales {
      for (extent, scale, size) in [
        (input.height, scales.height, size.height), (input.width, scales.width, size.width),
      ] {
        // ONNX rounds the product down, or to the nearest where one scale serves both axes; the rest is
        // room for the scale's own rounding.
        let scaled = Double(extent) * Double(scale)
        guard scaled > Double(size) - 0.51, scaled < Double(size) + 1 else {
          throw error("a scale of \(scale) does not bring \(extent) to \(size)")
        }
      }
    }
    return Shape(channels: input.channels, height: size.height, width: size.width)
  }

  // MARK: Axes

  private func check(axes count: Int) throws(GraphError) {
    guard inputs[0].rank >= count else {
      throw error("\(node.op.name) needs an axis, its input is a single number")
    }
  }

  private func check(_ axis: Int) throws(GraphError) {
    guard inputs[0].dimensions.indices.contains(axis) else {
      throw error("\(node.op.name) names axis \(axis), its input is \(inputs[0])")
    }
  }

  private func reduced(_ axes: Set<Int>, _ keepsAxes: Bool) -> Shape {
    Shape(
      inputs[0].dimensions.enumerated().compactMap { axis, extent in
        axes.contains(axis) ? (keepsAxes ? 1 : nil) : extent
      })
  }
}

extension Shape {
  /// The number of elements, or nil if 64 bits do not hold it.
  fileprivate var checkedCount: Int? {
    dimensions.reduce(1 as Int?) { count, extent in
      guard let (product, overflows) = count?.multipliedReportingOverflow(by: extent), !overflows
      else { return nil }
      return product
    }
  }
}
