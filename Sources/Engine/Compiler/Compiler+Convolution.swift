import ModelGraph

extension Compiler {
  /// Tiles whose weights (512 bytes each for 16 filters) stay in cache while pixels pass by.
  private static let tilesPerChunk = 72

  mutating func compile(_ convolution: Convolution, _ index: Int) throws(EngineError) {
    let source = graph.nodes[index].inputs[0]
    let buffer = readMap(source, halo: convolution.pads)
    let shape = graph.nodes[index].shape
    try convolve(
      index, convolution, from: buffer, channels: graph.nodes[source].shape.channels,
      arrangement: Arrangement(shape, channelAxes: [0]), map: shape)
  }

  mutating func compile(_ linear: Linear, _ index: Int) throws(EngineError) {
    let source = graph.nodes[index].inputs[0]
    let shape = graph.nodes[source].shape
    let last = shape.rank - 1
    var convolution = Convolution(
      outputChannels: linear.outputFeatures, kernel: .one, weight: linear.weight, bias: linear.bias)
    var placement = read(source)
    var layout = memory.layout(placement.buffer)
    var output = Extent(layout.height, layout.width)
    if shape.rank == 1, placement.arrangement.axes[0] == layout.flattenedMap {
      // Over a flattened map it is a convolution with a kernel as large as the map.
      convolution.kernel = output
      output = .one
    } else {
      placement = read(source, [last])
      if memory.buffers[placement.buffer].imageStride == 0 {
        placement = copy(placement)
      }
      layout = memory.layout(placement.buffer)
      output = Extent(layout.height, layout.width)
    }
    let channel = Arrangement.Atom(extent: linear.outputFeatures, isChannel: true, stride: 1)
    try convolve(
      index, convolution, from: placement.buffer, channels: layout.channels,
      arrangement: Arrangement(axes: placement.arrangement.axes.dropLast() + [[channel]]),
      map: Shape(channels: linear.outputFeatures, height: output.height, width: output.width))
  }

  /// A constant that a step wants once for each image.
  private mutating func copy(_ placement: Placement) -> Placement {
    let layout = memory.layout(placement.buffer)
    let buffer = allocateTemporary(layout)
    let offsets = placement.arrangement.offsets(in: layout)
    move(placement.buffer, offsets, to: buffer, offsets)
    return Placement(buffer: buffer, arrangement: placement.arrangement)
  }

  /// Emits a convolution of `source` with all that can be fused into it.
  private mutating func convolve(
    _ index: Int, _ convolution: Convolution, from source: Int, channels: Int,
    arrangement: Arrangement, map: Shape
  ) throws(EngineError) {
    var weight = ConvolutionWeight(
      values: model.parameters[convolution.weight]?.values ?? [],
      bias: convolution.bias.flatMap { model.parameters[$0]?.values }
        ?? [Float](repeating: 0, count: convolution.outputChannels),
      filters: convolution.outputChannels, inputChannels: channels, groups: convolution.groups,
      kernel: convolution.kernel)
    let chain = fusedChain(from: index, arrangement, map)
    if let norm = chain.norm { fold(norm, into: &weight) }
    let tail = chain.nodes[chain.nodes.count - 1]

    let sourceLayout = memory.layout(source)
    let layout = Layout(map, halo: map == graph.nodes[tail].shape ? halos[tail] : .none)
    let destination = memory.allocate(layout)
    let isDepthwise = convolution.groups > 1 && weight.isDepthwise
    let lanes: Int
    let calls: [ConvolveStep.Call]
    if isDepthwise {
      (lanes, calls) = (0, depthwiseCalls(weight, convolution, sourceLayout))
    } else {
      let list = TileList(weight, for: instructionSet)
      (lanes, calls) = (list.lanes, appendCalls(list, weight, convolution, sourceLayout))
    }
    let products = calls.reduce(0) { sum, call in
      sum + call.entries * max(1, lanes) * 8 * call.blocks.count
    }
    computedMACs += products * layout.height * layout.width
    let pixels = layout.height * layout.width
    let residual = chain.residual
    emit(
      .convolve(
        ConvolveStep(
          node: index, source: source, destination: destination,
          residual: residual?.buffer, calls: calls, lanes: lanes, pixels: pixels,
          sourcePixels: appendPixels(
            layout, of: sourceLayout, strides: convolution.strides,
            start: (-convolution.pads.top, -convolution.pads.left)),
          destinationPixels: appendPixels(layout, of: layout),
          residualPixels: residual.map { appendPixels(layout, of: memory.layout($0.buffer)) } ?? 0,
          pixelsPerBlock: pixelsPerBlock(convolution, sourceLayout, pixels, isDepthwise),
          low: chain.low, high: chain.high)), with: chain.nodes.dropFirst())
    place(chain.nodes, Placement(buffer: destination, arrangement: arrangement))
    release(inputsOf: index)
    if let other = chain.residualNode { release(other) }
  }

  /// So many pixels that what one chunk reads and writes of them stays in the second-level cache.
  private func pixelsPerBlock(
    _ convolution: Convolution, _ source: Layout, _ pixels: Int, _ isDepthwise: Bool
  ) -> Int {
    let blocks =
      isDepthwise ? 1 : min(source.blocks, max(1, Self.tilesPerChunk / convolution.kernel.area))
    let area = min(convolution.strides.area, convolution.kernel.area)
    let most = CacheSize.secondLevel / 2 / (32 * (blocks * area + 2))
    let total = pixels * imagesPerPass
    let parts = (total + most - 1) / most
    // Whole register tiles.
    return ((total + parts - 1) / parts + 11) / 12 * 12
  }

  private func fold(_ norm: BatchNormalization, into weight: inout ConvolutionWeight) {
    let (scale, shift) = affine(norm)
    let perFilter = weight.values.count / weight.filters
    for filter in 0..<weight.filters {
      for i in filter * perFilter..<(filter + 1) * perFilter { weight.values[i] *= scale[filter] }
      weight.bias[filter] = weight.bias[filter] * scale[filter] + shift[filter]
    }
  }

  /// Batch-norm as `x * scale + shift`, one of each a channel.
  func affine(_ norm: BatchNormalization) -> (scale: [Float], shift: [Float]) {
    func values(_ name: String) -> [Float] { model.parameters[name]?.values ?? [] }
    let mean = values(norm.mean)
    let bias = values(norm.bias)
    let scale = zip(values(norm.scale), values(norm.variance)).map {
      Double($0) / (Double($1) + Double(norm.epsilon)).squareRoot()
    }
    let shift = scale.indices.map { Float(Double(bias[$0]) - Double(mean[$0]) * scale[$0]) }
    return (scale.map { Float($0) }, shift)
  }

  /// What runs in one step with a convolution: batch-norm, addition, clamping activation.
  private struct FusedChain {
    var nodes: [Int]
    var norm: BatchNormalization?
    var residual: Placement?
    var residualNode: Int?
    var low = -Float.infinity
    var high = Float.infinity
  }

  private mutating func fusedChain(
    from index: Int, _ arrangement: Arrangement, _ map: Shape
  ) -> FusedChain {
    var chain = FusedChain(nodes: [index])
    var last = index
    if let reader = onlyReader(last), case .batchNormalization(let norm) = graph.nodes[reader].op,
      arrangement.hasChannels([0], count: map.channels)
    {
      chain.norm = norm
      chain.nodes.append(reader)
      last = reader
    }
    if let reader = onlyReader(last), case .arithmetic(.add) = graph.nodes[reader].op {
      let inputs = graph.nodes[reader].inputs
      let other = inputs[0] == last ? inputs[1] : inputs[0]
      let isConstant = if case .constant = graph.nodes[other].op { true } else { false }
      if inputs[0] != inputs[1], graph.nodes[other].shape == graph.nodes[last].shape,
        isComputed(other) && !isConstant,
        case let placement = read(other), placement.arrangement == arrangement,
        case let layout = memory.layout(placement.buffer), layout.height == map.height,
        layout.width == map.width, layout.channels == map.channels
      {
        chain.residual = placement
        chain.residualNode = other
        chain.nodes.append(reader)
        last = reader
      }
    }
    if let reader = onlyReader(last), case .activation(let activation) = graph.nodes[reader].op,
      let (low, high) = activation.clamp
    {
      (chain.low, chain.high) = (low, high)
      chain.nodes.append(reader)
    }
    return chain
  }

  /// Packs the tiles of every run, in chunks that fit the cache, all runs' first chunks first.
  private mutating func appendCalls(
    _ list: TileList, _ weight: ConvolutionWeight, _ conv: Convolution, _ source: Layout
  ) -> [ConvolveStep.Call] {
    var chunks: [[ConvolveStep.Call]] = []
    for run in list.runs {
      let filters = run.blocks.flatMap { $0 * 8..<$0 * 8 + 8 }
      var start = 0
      var number = 0
      repeat {
        let chunk = run.tiles[start..<min(start + Self.tilesPerChunk, run.tiles.count)]
        let bias = constants.count
        constants += filters.map { start == 0 && $0 < weight.filters ? weight.bias[$0] : 0 }
        let weights = constants.count
        let offsets = tables.count
        let size = list.lanes * filters.count
        constants += repeatElement(0, count: chunk.count * size)
        constants.withUnsafeMutableBufferPointer { constants in
          for (place, tile) in chunk.enumerated() {
            guard let packed = constants.baseAddress else { return }
            weight.pack(
              tile, lanes: list.lanes, blocks: run.blocks, into: packed + weights + place * size)
          }
        }
        for tile in chunk {
          let (block, tap) = tile.quotientAndRemainder(dividingBy: weight.taps)
          tables.append(Int32(block * source.plane) + tapOffset(tap, conv, source))
        }
        if number == chunks.count { chunks.append([]) }
        chunks[number].append(
          ConvolveStep.Call(
            blocks: run.blocks, entries: chunk.count, offsets: offsets, weights: weights,
            bias: bias, continues: start > 0, isLast: chunk.endIndex == run.tiles.endIndex))
        start += Self.tilesPerChunk
        number += 1
      } while start < run.tiles.count
    }
    return chunks.flatMap { $0 }
  }

  /// A call for each block of 8 channels; taps whose 8 weights are all zero are left out.
  private mutating func depthwiseCalls(
    _ weight: ConvolutionWeight, _ conv: Convolution, _ source: Layout
  ) -> [ConvolveStep.Call] {
    (0..<weight.outputBlocks).map { block in
      let channels = block * 8..<min(block * 8 + 8, weight.filters)
      let bias = append(channels.map { weight.bias[$0] })
      let weights = constants.count
      let offsets = tables.count
      for tap in 0..<weight.taps {
        let values = channels.map { weight.values[$0 * weight.taps + tap] }
        guard values.contains(where: { $0 != 0 }) else { continue }
        _ = append(values)
        tables.append(Int32(block * source.plane) + tapOffset(tap, conv, source))
      }
      return ConvolveStep.Call(
        blocks: [block], entries: tables.count - offsets, offsets: offsets, weights: weights,
        bias: bias, continues: false, isLast: true)
    }
  }

  private func tapOffset(_ tap: Int, _ conv: Convolution, _ source: Layout) -> Int32 {
    let (y, x) = tap.quotientAndRemainder(dividingBy: conv.kernel.width)
    return Int32(y * conv.dilations.height * source.row + x * conv.dilations.width * 8)
  }

  /// Where the pixels that belong to `output`'s pixels stand in a buffer laid out as `layout`, for
  /// every image of a pass.
  private mutating func appendPixels(
    _ output: Layout, of layout: Layout, strides: Extent = .one,
    start: (y: Int, x: Int) = (0, 0)
  ) -> Int {
    let map = PixelMap(
      height: output.height, width: output.width, layout: layout, strides: strides, top: start.y,
      left: start.x)
    if let known = pixelTables[map] { return known }
    let offset = tables.count
    tables.reserveCapacity(offset + imagesPerPass * output.height * output.width)
    for image in 0..<imagesPerPass {
      for y in 0..<output.height {
        let first = image * layout.image + layout.pixel(y * strides.height + start.y, start.x)
        for x in 0..<output.width { tables.append(Int32(first + x * strides.width * 8)) }
      }
    }
    pixelTables[map] = offset
    return offset
  }
}

/// Which pixels of a buffer belong to those of a map.
struct PixelMap: Hashable {
  let height: Int
  let width: Int
  let layout: Layout
  let strides: Extent
  let top: Int
  let left: Int
}

extension Layout {
  /// How the elements of a whole map stand when it is flattened.
  fileprivate var flattenedMap: [Arrangement.Atom] {
    Arrangement(axes: [
      [
        .init(extent: channels, isChannel: true, stride: 1),
        .init(extent: height * width, isChannel: false, stride: 1),
      ]
    ]).axes[0]
  }
}

extension Activation {
  /// The least and largest value, if that is all it does.
  var clamp: (low: Float, high: Float)? {
    switch self {
    case .relu: (0, .infinity)
    case .clip(let low, let high): (low, high)
    default: nil
    }
  }
}
