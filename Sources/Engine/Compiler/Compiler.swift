internal import CKernels
public import Kernels
public import ModelGraph

extension Program {
  /// Compiles a trained model: folds batch-norms, fuses convolution, addition and activation, drops
  /// tiles of zeros, turns reshapes and transposes into other names, plans memory.
  ///
  /// - Parameter imagesPerPass: by default as many as keep the largest step's activations in cache.
  /// - Throws: `EngineError` if the model is untrained, too large or has an operator that is not
  ///   supported.
  public init(
    _ model: Model, imagesPerPass: Int? = nil, instructionSet: InstructionSet = .best
  ) throws(EngineError) {
    guard model.isTrained || model.graph.parameterCount == 0 else {
      throw EngineError("model '\(model.name)' has no weights to run")
    }
    var compiler = try Compiler(
      model, imagesPerPass: imagesPerPass, instructionSet: instructionSet)
    try compiler.run()
    let output = model.graph.output
    let result = compiler.read(output)
    self.inputShape = model.graph.inputShape
    self.outputCount = model.graph.nodes[output].shape.count
    self.imagesPerPass = compiler.imagesPerPass
    self.instructionSet = instructionSet
    self.computedMACs = compiler.computedMACs
    self.input = model.input
    self.steps = compiler.steps
    self.nodesOfStep = compiler.nodesOfStep
    self.extents = compiler.extents
    self.constants = compiler.constants
    self.tables = compiler.tables
    self.buffers = compiler.memory.buffers
    self.constantBuffers = compiler.constantBuffers
    self.inputBuffer = compiler.inputBuffer
    self.inputOffsets = Arrangement.natural(model.graph.inputShape)
      .offsets(in: compiler.memory.layout(compiler.inputBuffer))
    self.outputBuffer = result.buffer
    self.outputOffsets = result.arrangement.offsets(in: compiler.memory.layout(result.buffer))
    self.arenaSize = compiler.memory.size
  }
}

/// Where an activation stands.
struct Placement: Hashable {
  let buffer: Int
  let arrangement: Arrangement
}

/// Turns the nodes of a graph into steps, one after the other.
struct Compiler {
  let model: Model
  let graph: Graph
  let imagesPerPass: Int
  let instructionSet: InstructionSet
  /// For each node the pads of the convolutions that read it.
  let halos: [Pads]
  /// The number of nodes yet to read each node.
  private var readers: [Int]
  private var placements: [Placement?]
  /// Buffers that only the node being compiled reads.
  private var temporaries: [Int] = []
  private(set) var inputBuffer = 0
  var memory: MemoryPlan
  private(set) var constantBuffers: [(buffer: Int, values: Int)] = []
  private(set) var steps: [Step] = []
  private(set) var nodesOfStep: [[Int]] = []
  /// The sizes of `constants` and `tables` behind each step.
  private(set) var extents: [(constants: Int, tables: Int)] = []
  private var current = 0
  // Never empty, so that they always have an address.
  var constants: [Float] = [0]
  var tables: [Int32] = [0]
  /// Where the pixels of maps stand in `tables`: most layers of a network have them in common.
  var pixelTables: [PixelMap: Int] = [:]
  var computedMACs = 0

  /// Bytes of activations that should stay in the second-level cache.
  static let cacheBytes = 384 << 10
  /// Offsets are 32-bit, and no machine wants larger arenas.
  static let largestArena = 1 << 30

  init(
    _ model: Model, imagesPerPass: Int?, instructionSet: InstructionSet
  ) throws(EngineError) {
    self.model = model
    self.instructionSet = instructionSet
    let graph = model.graph
    self.graph = graph
    var halos = [Pads](repeating: .none, count: graph.nodes.count)
    for node in graph.nodes {
      if case .unsupported(let unsupported) = node.op {
        throw EngineError(
          "node '\(node.name)' (\(unsupported.kind)) cannot be computed: it "
            + "\(unsupported.reason); the graph can only be looked at")
      }
      if case .convolution(let conv) = node.op {
        halos[node.inputs[0]] = halos[node.inputs[0]].union(conv.pads)
      }
    }
    self.halos = halos
    readers = graph.consumers.map(\.count)
    readers[graph.output] += 1
    placements = [Placement?](repeating: nil, count: graph.nodes.count)
    let sizes = graph.nodes.indices.map { index in
      Self.layout(graph.nodes[index].shape, halo: halos[index]).image
    }
    let largestStep =
      graph.nodes.indices.map { index in
        graph.nodes[index].inputs.reduce(sizes[index]) { $0 + sizes[$1] }
      }.max() ?? 1
    let floats = Self.cacheBytes / MemoryLayout<Float>.stride
    let images = imagesPerPass ?? min(16, max(1, floats / largestStep))
    self.imagesPerPass = images
    let total = sizes.reduce(0.0) { $0 + Double($1) * Double(images) }
    guard total < Double(Self.largestArena) else {
      throw EngineError("model '\(model.name)' needs too much memory for its activations")
    }
    memory = MemoryPlan(images: images)
    // Grown step by step, large weights would be copied again and again. Each filter's bias is packed
    // once for each chunk of its tiles; room that stays empty takes no memory.
    constants.reserveCapacity(
      model.parameters.values.reduce(1 << 16) { $0 + $1.values.count + $1.values.count / 32 })
  }

  /// The layout of an activation in its natural arrangement.
  static func layout(_ shape: Shape, halo: Pads = .none) -> Layout {
    layout(shape, channelAxes: Arrangement.naturalChannelAxes(shape), halo: halo)
  }

  /// The layout of `Arrangement(shape, channelAxes:)`: the last two pixel axes are rows and columns.
  static func layout(_ shape: Shape, channelAxes: [Int], halo: Pads = .none) -> Layout {
    let channels = channelAxes.reduce(1) { $0 * shape.dimensions[$1] }
    let pixels = shape.dimensions.indices.filter { !channelAxes.contains($0) }
      .map { shape.dimensions[$0] }
    return Layout(
      Shape(
        channels: channels, height: pixels.dropLast().reduce(1, *), width: pixels.last ?? 1),
      halo: shape.isFeatureMap && channelAxes == [0] ? halo : .none)
  }

  mutating func run() throws(EngineError) {
    let shape = graph.inputShape
    inputBuffer = memory.allocate(Self.layout(shape, halo: halos[0]))
    placements[0] = Placement(buffer: inputBuffer, arrangement: .natural(shape))
    for index in graph.nodes.indices where placements[index] == nil {
      current = index
      try compile(index)
      for temporary in temporaries { memory.release(temporary) }
      temporaries = []
    }
  }

  private mutating func compile(_ index: Int) throws(EngineError) {
    let node = graph.nodes[index]
    switch node.op {
    case .input, .constant, .unsupported: break
    case .convolution(let convolution): try compile(convolution, index)
    case .linear(let linear): try compile(linear, index)
    case .matMul: compileProduct(index)
    case .attention(let attention): compile(attention, index)
    case .batchNormalization(let norm): compile(norm, index)
    case .layerNormalization(let norm): compile(norm, index)
    case .groupNormalization(let norm): compile(norm, index)
    case .activation(let activation): compile(activation, index)
    case .parametricRelu(let slope):
      combine(index, sculpt_parametric_relu, with: .constant(slope.parameter, slope.shape))
    case .arithmetic(let arithmetic): compile(arithmetic, index)
    case .softmax(let axis): normalize(index, axes: [axis], .softmax)
    case .maxPool(let pooling): compile(pooling, index, isAverage: false)
    case .averagePool(let pooling): compile(pooling, index, isAverage: true)
    case .globalAveragePool: compileMean(index, axes: [1, 2])
    case .reduceMean(let axes, _): compileMean(index, axes: axes)
    case .argMax(let axis, _): compileArgMax(index, axis)
    case .reshape, .flatten, .transpose: rename(index)
    case .concat(let axis): compileConcat(index, axis)
    case .slice, .gather, .expand, .pad, .channelShuffle: rearrange(index)
    case .resize(let resize): compile(resize, index)
    }
  }

  // MARK: Buffers

  /// Adds a step of the node that is being compiled and of those that are fused with it.
  mutating func emit(_ step: Step, with fused: some Sequence<Int> = []) {
    steps.append(step)
    nodesOfStep.append([current] + fused)
    extents.append((constants.count, tables.count))
  }

  /// A constant for each channel, filled up to whole blocks with zeros; its offset in `constants`.
  mutating func append(_ values: [Float]) -> Int {
    let start = constants.count
    constants += values
    constants += [Float](repeating: 0, count: (8 - values.count % 8) % 8)
    return start
  }

  /// Says where node `index` stands; those behind it in `chain` are computed by the same step.
  mutating func place(_ chain: [Int], _ placement: Placement) {
    for node in chain { placements[node] = placement }
  }

  /// A new buffer for node `index`.
  mutating func allocate(_ index: Int, _ layout: Layout, _ arrangement: Arrangement) -> Int {
    let buffer = memory.allocate(layout)
    placements[index] = Placement(buffer: buffer, arrangement: arrangement)
    return buffer
  }

  /// A new buffer for node `index`, naturally arranged.
  mutating func allocate(_ index: Int) -> Int {
    let shape = graph.nodes[index].shape
    return allocate(index, Self.layout(shape, halo: halos[index]), .natural(shape))
  }

  /// A buffer that is free when the node is compiled.
  mutating func allocateTemporary(_ layout: Layout) -> Int {
    let buffer = memory.allocate(layout)
    temporaries.append(buffer)
    return buffer
  }

  /// Takes a reader from each input of node `index`; those without readers are free.
  mutating func release(inputsOf index: Int) {
    for source in Set(graph.nodes[index].inputs) { release(source) }
  }

  mutating func release(_ source: Int) {
    readers[source] -= 1
    if readers[source] == 0, let placement = placements[source] {
      memory.release(placement.buffer)
    }
  }

  /// Another name for a buffer.
  mutating func alias(_ index: Int, _ placement: Placement) {
    placements[index] = placement
    memory.retain(placement.buffer)
  }

  /// Whether node `index` is the last to read its input `source`, so that it may write over it.
  func mayOverwrite(_ source: Int, by index: Int) -> Bool {
    guard readers[source] == 1, let placement = placements[source] else { return false }
    return memory.hasOneUser(placement.buffer)
  }

  /// The one node that reads `index`, if there is just one.
  func onlyReader(_ index: Int) -> Int? {
    readers[index] == 1 ? graph.consumers[index].first : nil
  }

  func isComputed(_ index: Int) -> Bool { placements[index] != nil }

  // MARK: Reading

  /// Where a node stands; constants are placed naturally.
  mutating func read(_ node: Int) -> Placement {
    if let placement = placements[node] { return placement }
    let shape = graph.nodes[node].shape
    return read(node, Arrangement.naturalChannelAxes(shape))
  }

  /// A node with the elements of `channelAxes` as its channels; rows and columns of pixels in any
  /// order unless they must be `rowMajor`.
  mutating func read(_ node: Int, _ channelAxes: [Int], rowMajor: Bool = false) -> Placement {
    let shape = graph.nodes[node].shape
    if let placement = placements[node] {
      let channels = channelAxes.reduce(1) { $0 * shape.dimensions[$1] }
      if placement.arrangement.hasChannels(channelAxes, count: channels),
        memory.layout(placement.buffer).channels == channels,
        !rowMajor || placement.arrangement.hasRowMajorPixels(besides: channelAxes)
      {
        return placement
      }
    }
    let arrangement = Arrangement(shape, channelAxes: channelAxes)
    return read(node, arrangement, Self.layout(shape, channelAxes: channelAxes))
  }

  /// A feature map with at least `halo` around it.
  mutating func readMap(_ node: Int, halo: Pads = .none) -> Int {
    let shape = graph.nodes[node].shape
    let arrangement = Arrangement(shape, channelAxes: [0])
    if let placement = placements[node], placement.arrangement == arrangement {
      let layout = memory.layout(placement.buffer)
      if layout.height == shape.height, layout.width == shape.width,
        layout.halo.union(halo) == layout.halo,
        memory.buffers[placement.buffer].imageStride > 0
      {
        return placement.buffer
      }
    }
    return read(node, arrangement, Layout(shape, halo: halo)).buffer
  }

  /// A node as it would stand broadcast to `target` in the given arrangement and layout; moved there
  /// unless it does already.
  mutating func read(
    _ node: Int, _ arrangement: Arrangement, _ layout: Layout, broadcastTo target: Shape? = nil
  ) -> Placement {
    let shape = graph.nodes[node].shape
    if target == nil || target == shape, let placement = placements[node],
      placement.arrangement == arrangement
    {
      let own = memory.layout(placement.buffer)
      if own.height == layout.height, own.width == layout.width, own.channels == layout.channels,
        own.halo.union(layout.halo) == own.halo
      {
        return placement
      }
    }
    let offsets = arrangement.offsets(in: layout)
    if case .constant(let constant) = graph.nodes[node].op, placements[node] == nil {
      let values = model.parameters[constant.parameter]?.values ?? []
      let natural = Self.broadcastIndices(from: shape, to: target ?? shape)
      let buffer = appendConstant(layout, offsets, natural.map { values[$0] })
      return Placement(buffer: buffer, arrangement: arrangement)
    }
    let source = read(node)
    let buffer = allocateTemporary(layout)
    let from = source.arrangement.broadcast(from: shape, to: target ?? shape)
    move(
      source.buffer, from.offsets(in: memory.layout(source.buffer)), to: buffer, offsets,
      filling: layout.channels.isMultiple(of: 8) ? nil : 0)
    return Placement(buffer: buffer, arrangement: arrangement)
  }

  /// A buffer with `values` at `offsets`.
  mutating func appendConstant(_ layout: Layout, _ offsets: [Int32], _ values: [Float]) -> Int {
    let buffer = memory.allocateConstant(layout)
    let start = constants.count
    constants += [Float](repeating: 0, count: layout.image)
    for (offset, value) in zip(offsets, values) { constants[start + Int(offset)] = value }
    constantBuffers.append((buffer, start))
    return buffer
  }

  /// For each element of `target` in row-major order the index of the one of `shape` it repeats.
  static func broadcastIndices(from shape: Shape, to target: Shape) -> [Int] {
    let missing = target.rank - shape.rank
    var indices = [0]
    for (axis, extent) in target.dimensions.enumerated() {
      guard axis >= missing else {
        indices = indices.flatMap { [Int](repeating: $0, count: extent) }
        continue
      }
      let own = shape.dimensions[axis - missing]
      indices = indices.flatMap { index in
        (0..<extent).map { index * own + (own == 1 ? 0 : $0) }
      }
    }
    return indices
  }

  /// Copies elements; those whose source is -1 keep the filling.
  mutating func move(
    _ source: Int, _ from: [Int32], to destination: Int, _ to: [Int32], filling: Float? = nil
  ) {
    var pairs: [(from: Int32, to: Int32)] = []
    pairs.reserveCapacity(from.count)
    for (from, to) in zip(from, to) where from >= 0 { pairs.append((from, to)) }
    // By destination, so that the lanes of a block of channels follow each other.
    pairs.sort { $0.to < $1.to }
    var blocks: [(from: Int32, to: Int32)] = []
    var place = 0
    while place + 8 <= pairs.count,
      pairs[place].to % 8 == 0, pairs[place].from % 8 == 0,
      (1..<8).allSatisfy({
        pairs[place + $0].to == pairs[place].to + Int32($0)
          && pairs[place + $0].from == pairs[place].from + Int32($0)
      })
    {
      blocks.append(pairs[place])
      place += 8
    }
    let isWide = place == pairs.count && !pairs.isEmpty
    let start = tables.count
    for (from, to) in isWide ? blocks : pairs { tables += [from, to] }
    emit(
      .move(
        MoveStep(
          source: source, destination: destination, pairs: start,
          count: isWide ? blocks.count : pairs.count, width: isWide ? 8 : 1, filling: filling)))
  }
}
