public import ModelGraph

extension Program {
  /// Compiles a trained model: folds batch-norms, fuses convolution, addition and activation, drops
  /// tiles of zeros, plans memory.
  ///
  /// - Parameter imagesPerPass: by default as many as keep the largest step's activations in cache.
  /// - Throws: `EngineError` if the model is untrained, too large or combines operators in a way
  ///   that is not supported.
  public init(
    _ model: Model, imagesPerPass: Int? = nil, instructionSet: InstructionSet = .best
  ) throws(EngineError) {
    guard model.isTrained || model.graph.parameterCount == 0 else {
      throw EngineError("model '\(model.name)' has no weights to run")
    }
    var compiler = try Compiler(model, imagesPerPass: imagesPerPass)
    try compiler.run()
    self.inputShape = model.graph.inputShape
    self.outputCount = model.graph.nodes[model.graph.output].shape.count
    self.imagesPerPass = compiler.imagesPerPass
    self.instructionSet = instructionSet
    self.computedMACs = compiler.computedMACs
    self.input = model.input
    self.steps = compiler.steps
    self.constants = compiler.constants
    self.tables = compiler.tables
    self.buffers = compiler.memory.buffers
    self.outputBuffer = compiler.bufferOfNode[model.graph.output]
    self.arenaSize = compiler.memory.size
  }
}

private struct Compiler {
  let model: Model
  let graph: Graph
  let imagesPerPass: Int
  /// For each node its extents as a feature map, a flatten left out.
  let maps: [Shape]
  let halos: [Pads]
  /// The number of steps yet to read each node's buffer.
  var readers: [Int]
  var bufferOfNode: [Int]
  var isComputed: [Bool]
  var memory: MemoryPlan
  var steps: [Step] = []
  var constants: [Float] = []
  var tables: [Int32] = []
  var computedMACs = 0

  /// Tiles whose weights (512 bytes each) stay in the first-level cache while pixels pass by.
  static let tilesPerChunk = 72
  /// Bytes of activations that should stay in the second-level cache.
  static let cacheBytes = 384 << 10
  /// Offsets are 32-bit, and no machine wants larger arenas.
  static let largestArena = 1 << 30

  init(_ model: Model, imagesPerPass: Int?) throws(EngineError) {
    self.model = model
    let graph = model.graph
    self.graph = graph
    var maps: [Shape] = []
    var halos = [Pads](repeating: .none, count: graph.nodes.count)
    for node in graph.nodes {
      switch node.op {
      case .flatten: maps.append(maps[node.inputs[0]])
      case .batchNormalization, .activation(.relu), .arithmetic(.add):
        maps.append(maps[node.inputs[0]])
      default:
        maps.append(
          Shape(
            channels: node.shape.channels, height: node.shape.height, width: node.shape.width))
      }
    }
    for node in graph.nodes {
      if case .convolution(let conv) = node.op {
        halos[node.inputs[0]] = halos[node.inputs[0]].union(conv.pads)
      }
    }
    self.maps = maps
    self.halos = halos
    readers = graph.consumers.map(\.count)
    readers[graph.output] += 1
    bufferOfNode = [Int](repeating: -1, count: graph.nodes.count)
    isComputed = [Bool](repeating: false, count: graph.nodes.count)
    let layouts = zip(maps, halos).map { Layout($0, halo: $1) }
    let largestStep =
      graph.nodes.indices.map { index in
        layouts[index].image
          + graph.nodes[index].inputs.reduce(0) { $0 + layouts[$1].image }
      }.max() ?? 1
    let floats = Self.cacheBytes / MemoryLayout<Float>.stride
    let images = imagesPerPass ?? min(16, max(1, floats / largestStep))
    self.imagesPerPass = images
    let total = layouts.reduce(0.0) { $0 + Double($1.image) * Double(images) }
    guard total < Double(Self.largestArena) else {
      throw EngineError("model '\(model.name)' needs too much memory for its activations")
    }
    memory = MemoryPlan(images: images)
  }

  mutating func run() throws(EngineError) {
    bufferOfNode[0] = memory.allocate(Layout(maps[0], halo: halos[0]))
    isComputed[0] = true
    for index in graph.nodes.indices where !isComputed[index] {
      switch graph.nodes[index].op {
      case .input: break
      case .convolution, .linear: try compileConvolution(index)
      case .maxPool(let pooling): compilePool(index, pooling, isAverage: false)
      case .averagePool(let pooling): compilePool(index, pooling, isAverage: true)
      case .globalAveragePool:
        let map = maps[graph.nodes[index].inputs[0]]
        let whole = Extent(map.height, map.width)
        compilePool(index, Pooling(kernel: whole, strides: whole), isAverage: true)
      case .flatten: alias(index)
      case .batchNormalization, .activation(.relu), .arithmetic(.add): try compileAffine(index)
      default: throw EngineError("node '\(graph.nodes[index].name)': not supported")
      }
    }
  }

  // MARK: Convolution

  private mutating func compileConvolution(_ index: Int) throws(EngineError) {
    let node = graph.nodes[index]
    let source = node.inputs[0]
    var geometry: Convolution
    switch node.op {
    case .convolution(let conv): geometry = conv
    case .linear(let linear):
      // A linear layer over a flattened map is a convolution with a kernel as large as the map.
      geometry = Convolution(
        outputChannels: linear.outputFeatures,
        kernel: Extent(maps[source].height, maps[source].width),
        weight: linear.weight, bias: linear.bias)
    default: return
    }
    var weight = foldedWeight(geometry, inputChannels: maps[source].channels)
    let chain = fusedChain(from: index)
    if let norm = chain.norm { fold(norm, into: &weight) }
    for fused in chain.nodes { isComputed[fused] = true }
    let tail = chain.nodes.last ?? index

    let layout = Layout(maps[tail], halo: halos[tail])
    let sourceLayout = memory.layout(bufferOfNode[source])
    let destination = memory.allocate(layout)
    let list = TileList(weight)
    let calls = appendCalls(list, weight, geometry, sourceLayout)
    computedMACs += list.macsPerPixel * layout.height * layout.width
    let residual = chain.residual.map { bufferOfNode[$0] }
    steps.append(
      .convolve(
        ConvolveStep(
          nodes: chain.nodes, source: bufferOfNode[source], destination: destination,
          residual: residual, calls: calls, lanes: list.lanes,
          pixels: layout.height * layout.width,
          sourcePixels: appendPixels(
            layout, of: sourceLayout, strides: geometry.strides,
            start: (-geometry.pads.top, -geometry.pads.left)),
          destinationPixels: appendPixels(layout, of: layout),
          residualPixels: residual.map { appendPixels(layout, of: memory.layout($0)) } ?? 0,
          low: chain.isRectified ? 0 : -.infinity, high: .infinity)))
    bufferOfNode[tail] = destination
    release(source)
    if let other = chain.residual { release(other) }
  }

  private func foldedWeight(_ conv: Convolution, inputChannels: Int) -> ConvolutionWeight {
    let bias = conv.bias.flatMap { model.parameters[$0]?.values }
    return ConvolutionWeight(
      values: model.parameters[conv.weight]?.values ?? [],
      bias: bias ?? [Float](repeating: 0, count: conv.outputChannels),
      filters: conv.outputChannels, inputChannels: inputChannels, groups: conv.groups,
      kernel: conv.kernel)
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
  private func affine(_ norm: BatchNormalization) -> (scale: [Float], shift: [Float]) {
    func values(_ name: String) -> [Float] { model.parameters[name]?.values ?? [] }
    let mean = values(norm.mean)
    let bias = values(norm.bias)
    let scale = zip(values(norm.scale), values(norm.variance)).map {
      Double($0) / (Double($1) + Double(norm.epsilon)).squareRoot()
    }
    let shift = scale.indices.map { Float(Double(bias[$0]) - Double(mean[$0]) * scale[$0]) }
    return (scale.map { Float($0) }, shift)
  }

  /// The nodes that run in one pass with the one at `index`: batch-norm, addition, activation.
  private func fusedChain(from index: Int) -> (
    nodes: [Int], norm: BatchNormalization?, residual: Int?, isRectified: Bool
  ) {
    var nodes = [index]
    var norm: BatchNormalization?
    var residual: Int?
    func next() -> Int? {
      let last = nodes[nodes.count - 1]
      return readers[last] == 1 ? graph.consumers[last].first : nil
    }
    if let reader = next(), case .batchNormalization(let found) = graph.nodes[reader].op {
      norm = found
      nodes.append(reader)
    }
    if let reader = next(), case .add = graph.nodes[reader].op {
      let inputs = graph.nodes[reader].inputs
      let other = inputs[0] == nodes[nodes.count - 1] ? inputs[1] : inputs[0]
      if isComputed[other], inputs[0] != inputs[1],
        maps[other] == maps[reader]
      {
        residual = other
        nodes.append(reader)
      }
    }
    if let reader = next(), case .relu = graph.nodes[reader].op {
      nodes.append(reader)
      return (nodes, norm, residual, true)
    }
    return (nodes, norm, residual, false)
  }

  /// Packs the tiles of every run, in chunks that fit the cache.
  private mutating func appendCalls(
    _ list: TileList, _ weight: ConvolutionWeight, _ conv: Convolution, _ source: Layout
  ) -> [ConvolveStep.Call] {
    var calls: [ConvolveStep.Call] = []
    for run in list.runs {
      let filters = run.blocks.flatMap { $0 * 8..<$0 * 8 + 8 }
      var start = 0
      repeat {
        let chunk = run.tiles[start..<min(start + Self.tilesPerChunk, run.tiles.count)]
        let bias = constants.count
        constants += filters.map { start == 0 && $0 < weight.filters ? weight.bias[$0] : 0 }
        let weights = constants.count
        let offsets = tables.count
        for tile in chunk {
          let (block, tap) = tile.quotientAndRemainder(dividingBy: weight.taps)
          let (y, x) = tap.quotientAndRemainder(dividingBy: weight.kernel.width)
          tables.append(
            Int32(
              block * source.plane + y * conv.dilations.height * source.row
                + x * conv.dilations.width * 8))
          for lane in 0..<list.lanes {
            let channel = block * 8 + lane
            constants += filters.map { filter in
              channel < weight.inputChannels
                ? weight.value(filter: filter, channel: channel, tap: tap) : 0
            }
          }
        }
        calls.append(
          ConvolveStep.Call(
            blocks: run.blocks, entries: chunk.count, offsets: offsets, weights: weights,
            bias: bias, continues: start > 0, isLast: chunk.endIndex == run.tiles.endIndex))
        start += Self.tilesPerChunk
      } while start < run.tiles.count
    }
    return calls
  }

  /// Where the pixels that belong to `output`'s pixels stand in a buffer laid out as `layout`, for
  /// every image of a pass.
  private mutating func appendPixels(
    _ output: Layout, of layout: Layout, strides: Extent = .one,
    start: (y: Int, x: Int) = (0, 0)
  ) -> Int {
    let offset = tables.count
    for image in 0..<imagesPerPass {
      for y in 0..<output.height {
        for x in 0..<output.width {
          let pixel = layout.pixel(y * strides.height + start.y, x * strides.width + start.x)
          tables.append(Int32(image * layout.image + pixel))
        }
      }
    }
    return offset
  }

  // MARK: Everything else

  private mutating func compilePool(_ index: Int, _ pooling: Pooling, isAverage: Bool) {
    let source = graph.nodes[index].inputs[0]
    let destination = memory.allocate(Layout(maps[index], halo: halos[index]))
    steps.append(
      .pool(
        PoolStep(
          nodes: [index], source: bufferOfNode[source], destination: destination,
          pooling: pooling, isAverage: isAverage)))
    bufferOfNode[index] = destination
    isComputed[index] = true
    release(source)
  }

  private mutating func compileAffine(_ index: Int) throws(EngineError) {
    let node = graph.nodes[index]
    let channels = maps[index].channels
    let padded = (channels + 7) / 8 * 8
    var scale = [Float](repeating: 1, count: channels)
    var shift = [Float](repeating: 0, count: channels)
    var residual: Int?
    if case .batchNormalization(let norm) = node.op {
      (scale, shift) = affine(norm)
      guard scale.count == channels else {
        throw EngineError(
          "node '\(node.name)': BatchNormalization behind a Flatten of more than one pixel is not "
            + "supported; put it before the Flatten")
      }
    }
    if case .add = node.op {
      residual = node.inputs[1]
      guard maps[node.inputs[0]] == maps[node.inputs[1]] else {
        throw EngineError(
          "node '\(node.name)': Add of maps flattened from different shapes is not supported")
      }
    }
    var nodes = [index]
    var isRectified = if case .relu = node.op { true } else { false }
    if readers[index] == 1, let reader = graph.consumers[index].first,
      case .relu = graph.nodes[reader].op
    {
      nodes.append(reader)
      isRectified = true
    }
    for fused in nodes { isComputed[fused] = true }
    let tail = nodes[nodes.count - 1]
    let destination = memory.allocate(Layout(maps[tail], halo: halos[tail]))
    func append(_ values: [Float]) -> Int {
      constants += values + [Float](repeating: 0, count: padded - channels)
      return constants.count - padded
    }
    steps.append(
      .affine(
        AffineStep(
          nodes: nodes, source: bufferOfNode[node.inputs[0]], destination: destination,
          residual: residual.map { bufferOfNode[$0] }, scale: append(scale), shift: append(shift),
          low: isRectified ? 0 : -.infinity, high: .infinity)))
    bufferOfNode[tail] = destination
    for source in Set(node.inputs) { release(source) }
  }

  /// A flatten computes nothing: it is another name for its input's buffer.
  private mutating func alias(_ index: Int) {
    let source = graph.nodes[index].inputs[0]
    bufferOfNode[index] = bufferOfNode[source]
    isComputed[index] = true
    memory.retain(bufferOfNode[source])
    release(source)
  }

  private mutating func release(_ node: Int) {
    readers[node] -= 1
    if readers[node] == 0 { memory.release(bufferOfNode[node]) }
  }
}
