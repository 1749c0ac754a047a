import ModelGraph

/// The inputs of one output of a convolution or linear layer: where its features stand in the
/// buffer that the step reads, padding included.
struct LayerInput {
  /// Groups of input channels.
  let groups: Int
  /// Features of a group, as the weight has them: input channel, then tap.
  let features: Int
  /// Where each feature stands, from the output's first tap on, group by group.
  let offsets: [Int]

  /// The input of a step that computes a layer of `graph`.
  init?(_ step: ConvolveStep, _ program: Program, _ graph: Graph) {
    let layout = program.buffers[step.source].layout
    let conv: Convolution
    switch graph.nodes[step.node].op {
    case .convolution(let own): conv = own
    case .linear(let linear):
      let features = graph.nodes[graph.nodes[step.node].inputs[0]].shape.dimensions.last ?? 1
      // Over a flattened map the kernel is as large as the map: see `Compiler`.
      conv = Convolution(
        outputChannels: linear.outputFeatures,
        kernel: features == layout.channels ? .one : Extent(layout.height, layout.width),
        weight: linear.weight)
    default: return nil
    }
    groups = conv.groups
    features = layout.channels / conv.groups * conv.kernel.area
    let width = conv.kernel.width
    offsets = (0..<layout.channels).flatMap { channel in
      (0..<conv.kernel.area).map { tap in
        let (y, x) = (tap / width * conv.dilations.height, tap % width * conv.dilations.width)
        return channel / 8 * layout.plane + channel % 8 + y * layout.row + x * 8
      }
    }
  }
}

extension Workspace {
  /// Writes the features of some output pixels of one image of the pass, one row after the other.
  ///
  /// - Parameter stride: floats between two rows.
  func gather(
    _ input: LayerInput, _ step: ConvolveStep, image: Int, pixels: [Int],
    into rows: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let source = base(step.source)
    for (row, pixel) in pixels.enumerated() {
      let place = program.tables[step.sourcePixels + image * step.pixels + pixel]
      let (start, target) = (source + Int(place), rows + row * stride)
      input.offsets.withUnsafeBufferPointer { offsets in
        for feature in 0..<offsets.count { target[feature] = start[offsets[feature]] }
      }
    }
  }
}
