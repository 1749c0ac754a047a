import ModelGraph

extension Compiler {
  /// Reshapes and transposes give the same buffer another name; a reshape that would begin an axis in
  /// the middle of a block is moved to row-major order first.
  mutating func rename(_ index: Int) {
    let node = graph.nodes[index]
    let source = read(node.inputs[0])
    switch node.op {
    case .transpose(let permutation):
      keep(index, source.buffer, source.arrangement.transposed(permutation))
    default:
      if let arrangement = source.arrangement.reshaped(to: node.shape) {
        keep(index, source.buffer, arrangement)
      } else {
        let shape = graph.nodes[node.inputs[0]].shape
        let flat = read(node.inputs[0], Array(shape.dimensions.indices))
        keep(
          index, flat.buffer,
          Arrangement(node.shape, channelAxes: Array(node.shape.dimensions.indices)))
      }
    }
    release(inputsOf: index)
  }

  private mutating func keep(_ index: Int, _ buffer: Int, _ arrangement: Arrangement) {
    alias(index, Placement(buffer: buffer, arrangement: arrangement))
  }

  /// Copies chosen elements to a new buffer.
  mutating func rearrange(_ index: Int) {
    let node = graph.nodes[index]
    let source = node.inputs[0]
    let shape = graph.nodes[source].shape
    var filling: Float?
    let placement = read(source)
    let layout = memory.layout(placement.buffer)
    let from: [Int32]
    switch node.op {
    case .expand:
      from = placement.arrangement.broadcast(from: shape, to: node.shape).offsets(in: layout)
    default:
      let selection = Selection(node.op, of: shape)
      filling = selection.filling
      from = placement.arrangement.offsets(in: layout, selecting: selection.indices)
    }
    let channelAxes = destinationAxes(node.shape, like: placement, shape)
    let arrangement = Arrangement(node.shape, channelAxes: channelAxes)
    let target = Self.layout(node.shape, channelAxes: channelAxes, halo: halos[index])
    let destination = allocate(index, target, arrangement)
    if filling == nil, !target.channels.isMultiple(of: 8) { filling = 0 }
    move(
      placement.buffer, from, to: destination, arrangement.offsets(in: target), filling: filling)
    release(inputsOf: index)
  }

  /// Tokens stay tokens, whatever their rank: their features are the channels.
  private func destinationAxes(_ shape: Shape, like source: Placement, _ from: Shape) -> [Int] {
    let last = shape.rank - 1
    if from.rank == shape.rank, shape.rank > 0, from.dimensions[last] > 1,
      source.arrangement.hasChannels([last], count: from.dimensions[last])
    {
      return [last]
    }
    return Arrangement.naturalChannelAxes(shape)
  }

  mutating func compileConcat(_ index: Int, _ axis: Int) {
    let node = graph.nodes[index]
    let channelAxes = destinationAxes(
      node.shape, like: read(node.inputs[0]), graph.nodes[node.inputs[0]].shape)
    let arrangement = Arrangement(node.shape, channelAxes: channelAxes)
    let layout = Self.layout(node.shape, channelAxes: channelAxes, halo: halos[index])
    let destination = allocate(index, layout, arrangement)
    var start = 0
    for (place, source) in node.inputs.enumerated() {
      let shape = graph.nodes[source].shape
      let part = start..<start + shape.dimensions[axis]
      start = part.upperBound
      let selection = node.shape.dimensions.indices.map {
        Array($0 == axis ? part : 0..<node.shape.dimensions[$0])
      }
      let placement = read(source)
      let isFirst = place == 0 && !layout.channels.isMultiple(of: 8)
      move(
        placement.buffer, placement.arrangement.offsets(in: memory.layout(placement.buffer)),
        to: destination, arrangement.offsets(in: layout, selecting: selection),
        filling: isFirst ? 0 : nil)
    }
    release(inputsOf: index)
  }

  mutating func compile(_ resize: Resize, _ index: Int) {
    guard case .linear = resize.mode else { return rearrange(index) }
    let shape = graph.nodes[graph.nodes[index].inputs[0]].shape
    let source = readMap(graph.nodes[index].inputs[0])
    let (rows, columns) = resize.coordinates(of: shape)
    emit(
      .interpolate(
        InterpolateStep(
          source: source, destination: allocate(index),
          rows: InterpolateStep.Places(rows, extent: shape.height),
          columns: InterpolateStep.Places(columns, extent: shape.width))))
    release(inputsOf: index)
  }
}

/// For each axis of an operator's input the indices that make its output, -1 for a filling.
private struct Selection {
  var indices: [[Int]]
  var filling: Float?

  init(_ op: Operator, of shape: Shape) {
    indices = shape.dimensions.map { Array(0..<$0) }
    switch op {
    case .slice(let slice):
      for axis in indices.indices {
        indices[axis] = (0..<slice.counts[axis]).map {
          slice.starts[axis] + $0 * slice.steps[axis]
        }
      }
    case .gather(let gather): indices[gather.axis] = gather.indices
    case .channelShuffle(let groups):
      let perGroup = shape.channels / groups
      indices[0] = (0..<shape.channels).map { $0 % groups * perGroup + $0 / groups }
    case .resize(let resize):
      guard case .nearest(let rounding) = resize.mode else { return }
      let (rows, columns) = resize.coordinates(of: shape)
      indices[1] = rows.map { rounding.index(at: $0, extent: shape.height) }
      indices[2] = columns.map { rounding.index(at: $0, extent: shape.width) }
    case .pad(let padding):
      for (axis, extent) in shape.dimensions.enumerated() {
        indices[axis] = (-padding.before[axis]..<extent + padding.after[axis]).map {
          padding.mode.index($0, extent: extent)
        }
      }
      if case .constant(let value) = padding.mode { filling = value }
    default: break
    }
  }
}

extension Padding.Mode {
  /// The index that stands at place `place` of a padded axis; -1 for the constant.
  fileprivate func index(_ place: Int, extent: Int) -> Int {
    switch self {
    case .constant: (0..<extent).contains(place) ? place : -1
    case .edge: min(max(place, 0), extent - 1)
    case .reflect:
      if extent == 1 {
        0
      } else {
        {
          let period = 2 * (extent - 1)
          let inside = ((place % period) + period) % period
          return min(inside, period - inside)
        }()
      }
    }
  }
}

extension Resize {
  /// For each output row and column where it lies in the input.
  fileprivate func coordinates(of shape: Shape) -> (rows: [Double], columns: [Double]) {
    func along(_ size: Int, _ extent: Int, _ scale: Float?) -> [Double] {
      let length = scale.map { Double(extent) * Double($0) } ?? Double(size)
      // One quotient of exact numbers, so that a place on a pixel or halfway to the next is found
      // there: dividing by the ratio of the sizes, itself rounded, may end just beside it.
      return (0..<size).map { index in
        switch coordinates {
        case .asymmetric: Double(index * extent) / length
        case .halfPixel: (Double((2 * index + 1) * extent) - length) / (2 * length)
        case .pytorchHalfPixel:
          size > 1 ? (Double((2 * index + 1) * extent) - length) / (2 * length) : 0
        case .alignCorners: size > 1 ? Double(index * (extent - 1)) / (length - 1) : 0
        }
      }
    }
    return (
      along(size.height, shape.height, scales?.height),
      along(size.width, shape.width, scales?.width)
    )
  }
}

extension Resize.Rounding {
  fileprivate func index(at coordinate: Double, extent: Int) -> Int {
    let rounded =
      switch self {
      case .floor: coordinate.rounded(.down)
      case .ceil: coordinate.rounded(.up)
      case .roundPreferFloor: (coordinate - 0.5).rounded(.up)
      case .roundPreferCeil: (coordinate + 0.5).rounded(.down)
      }
    return min(max(Int(rounded), 0), extent - 1)
  }
}

extension InterpolateStep.Places {
  fileprivate init(_ coordinates: [Double], extent: Int) {
    let clamped = coordinates.map { min(max($0, 0), Double(extent - 1)) }
    first = clamped.map { Int($0) }
    second = clamped.map { min(Int($0) + 1, extent - 1) }
    share = clamped.map { Float($0 - $0.rounded(.down)) }
  }
}
