/// The largest extent, channel count or kernel that is accepted; keeps every product in 64 bits.
private let largestExtent = 1 << 20
/// The largest activation or weight, in elements.
private let largestCount = 1 << 31
/// The most multiply-accumulates that a graph may take for one image.
private let mostMACs = 1 << 58

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
  guard shape.isFeatureMap || shape.dimensions.count == 1 else {
    throw GraphError(
      node: "input", "shape \(shape) is neither [C, H, W] nor [F]")
  }
  return try checked(shape, of: "input")
}

/// The output shape of `node` for inputs of the given shapes.
func inferShape(of node: NodeDeclaration, from inputs: [Shape]) throws(GraphError) -> Shape {
  func featureMap() throws(GraphError) -> Shape {
    guard inputs[0].isFeatureMap else {
      throw GraphError(
        node: node.name, "\(node.op.name) needs a feature map [C, H, W], its input is \(inputs[0])")
    }
    return inputs[0]
  }
  switch node.op {
  case .input:
    throw GraphError(node: node.name, "only the graph itself has an input")
  case .convolution(let convolution):
    let input = try featureMap()
    try check(convolution, of: node.name, inputChannels: input.channels)
    let window = Extent(
      (convolution.kernel.height - 1) * convolution.dilations.height + 1,
      (convolution.kernel.width - 1) * convolution.dilations.width + 1)
    return try slide(
      window, convolution.strides, convolution.pads, over: input,
      channels: convolution.outputChannels, of: node.name)
  case .batchNormalization, .relu:
    return inputs[0]
  case .add:
    guard inputs[0] == inputs[1] else {
      throw GraphError(node: node.name, "adds \(inputs[0]) and \(inputs[1]); shapes must be equal")
    }
    return inputs[0]
  case .maxPool(let pooling), .averagePool(let pooling):
    let input = try featureMap()
    guard pooling.pads.top < pooling.kernel.height, pooling.pads.bottom < pooling.kernel.height,
      pooling.pads.left < pooling.kernel.width, pooling.pads.right < pooling.kernel.width
    else {
      throw GraphError(node: node.name, "pads must be smaller than the kernel \(pooling.kernel)")
    }
    return try slide(
      pooling.kernel, pooling.strides, pooling.pads, over: input, channels: input.channels,
      of: node.name)
  case .globalAveragePool:
    return Shape(channels: try featureMap().channels, height: 1, width: 1)
  case .flatten:
    return Shape([inputs[0].count])
  case .linear(let linear):
    guard inputs[0].dimensions.count == 1 else {
      throw GraphError(
        node: node.name, "Gemm needs a vector, its input is \(inputs[0]); put a Flatten before it")
    }
    guard (1...largestExtent).contains(linear.outputFeatures) else {
      throw GraphError(
        node: node.name,
        "has \(linear.outputFeatures) output features, not between 1 and \(largestExtent)")
    }
    try checkWeight([linear.outputFeatures, inputs[0].count], of: node.name)
    return try checked(Shape([linear.outputFeatures]), of: node.name)
  }
}

private func check(
  _ convolution: Convolution, of node: String, inputChannels: Int
) throws(GraphError) {
  let groups = convolution.groups
  guard groups >= 1, inputChannels.isMultiple(of: groups),
    convolution.outputChannels.isMultiple(of: groups)
  else {
    throw GraphError(
      node: node,
      "\(groups) groups do not divide both \(inputChannels) input and "
        + "\(convolution.outputChannels) output channels")
  }
  let extents = [
    convolution.outputChannels, convolution.kernel.height, convolution.kernel.width,
    convolution.dilations.height, convolution.dilations.width,
  ]
  guard extents.allSatisfy((1...largestExtent).contains) else {
    throw GraphError(
      node: node,
      "output channels, kernel and dilations must be between 1 and \(largestExtent)")
  }
  try checkWeight(
    [
      convolution.outputChannels, inputChannels / groups, convolution.kernel.height,
      convolution.kernel.width,
    ], of: node)
}

/// Checks the element count of a weight with the given extents, each at least 1.
private func checkWeight(_ extents: [Int], of node: String) throws(GraphError) {
  var count = 1
  for extent in extents {
    let (product, overflows) = count.multipliedReportingOverflow(by: extent)
    guard !overflows, product <= largestCount else {
      throw GraphError(
        node: node, "its weight \(Shape(extents)) has more than \(largestCount) elements")
    }
    count = product
  }
}

private func slide(
  _ window: Extent, _ strides: Extent, _ pads: Pads, over input: Shape, channels: Int,
  of node: String
) throws(GraphError) -> Shape {
  let extents = 1...largestExtent
  let borders = 0...largestExtent
  guard extents.contains(window.height), extents.contains(window.width),
    extents.contains(strides.height), extents.contains(strides.width),
    [pads.top, pads.left, pads.bottom, pads.right].allSatisfy(borders.contains)
  else {
    throw GraphError(
      node: node, "kernel, strides must be between 1 and \(largestExtent), pads not negative")
  }
  let height = input.height + pads.top + pads.bottom - window.height
  let width = input.width + pads.left + pads.right - window.width
  guard height >= 0, width >= 0 else {
    throw GraphError(
      node: node, "a \(window) window does not fit its padded input \(input)")
  }
  return try checked(
    Shape(
      channels: channels, height: height / strides.height + 1, width: width / strides.width + 1),
    of: node)
}

private func checked(_ shape: Shape, of node: String) throws(GraphError) -> Shape {
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
