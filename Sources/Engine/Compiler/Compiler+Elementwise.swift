internal import CKernels
internal import Kernels
import ModelGraph

extension Compiler {
  /// The second operand of an arithmetic step.
  enum Operand {
    case node(Int)
    /// A parameter that is no node of its own.
    case constant(String, Shape)
  }

  /// A buffer for what node `index` makes of `source` value by value: the same one if nobody else
  /// reads it.
  private mutating func elementwise(_ index: Int, _ source: Int, _ placement: Placement) -> Int {
    let layout = memory.layout(placement.buffer)
    let isMap = placement.arrangement == Arrangement.natural(graph.nodes[index].shape)
    let halo = isMap ? halos[index] : .none
    let needsNoMore = layout.halo.union(halo) == layout.halo
    if mayOverwrite(source, by: index), read(source) == placement, needsNoMore {
      alias(index, placement)
      return placement.buffer
    }
    let shape = Shape(channels: layout.channels, height: layout.height, width: layout.width)
    return allocate(index, Layout(shape, halo: halo), placement.arrangement)
  }

  // MARK: One operand

  mutating func compile(_ activation: Activation, _ index: Int) {
    let source = graph.nodes[index].inputs[0]
    let placement = read(source)
    let destination = elementwise(index, source, placement)
    let (kind, alpha, beta) = activation.kernel
    emit(
      .activate(
        ActivateStep(
          source: placement.buffer, destination: destination, kind: kind, alpha: alpha,
          beta: beta)))
    release(inputsOf: index)
  }

  /// A batch-norm that no convolution took, with the activation behind it.
  mutating func compile(_ norm: BatchNormalization, _ index: Int) {
    let source = graph.nodes[index].inputs[0]
    let placement = read(source, [0])
    let (scale, shift) = affine(norm)
    var nodes = [index]
    var (low, high) = (-Float.infinity, Float.infinity)
    if let reader = onlyReader(index), case .activation(let activation) = graph.nodes[reader].op,
      let clamp = activation.clamp
    {
      (low, high) = clamp
      nodes.append(reader)
    }
    let tail = nodes[nodes.count - 1]
    let layout = memory.layout(placement.buffer)
    let shape = Shape(channels: layout.channels, height: layout.height, width: layout.width)
    let halo = shape == graph.nodes[tail].shape ? halos[tail] : .none
    let destination = allocate(tail, Layout(shape, halo: halo), placement.arrangement)
    place(nodes, Placement(buffer: destination, arrangement: placement.arrangement))
    emit(
      .affine(
        AffineStep(
          source: placement.buffer, destination: destination, residual: nil,
          scale: append(scale), shift: append(shift), low: low, high: high)),
      with: nodes.dropFirst())
    release(inputsOf: index)
  }

  // MARK: Two operands

  mutating func compile(_ arithmetic: Arithmetic, _ index: Int) {
    let inputs = graph.nodes[index].inputs
    let shape = graph.nodes[index].shape
    func isConstant(_ node: Int) -> Bool {
      if case .constant = graph.nodes[node].op { true } else { false }
    }
    // The operand that has the shape of the result leads; the other one is broadcast to it.
    let isSwapped =
      graph.nodes[inputs[0]].shape != shape
      || (isConstant(inputs[0]) && graph.nodes[inputs[1]].shape == shape)
    let kinds: (plain: sculpt_arithmetic_kind, swapped: sculpt_arithmetic_kind) =
      switch arithmetic {
      case .add: (sculpt_add, sculpt_add)
      case .subtract: (sculpt_subtract, sculpt_subtract_from)
      case .multiply: (sculpt_multiply, sculpt_multiply)
      case .divide: (sculpt_divide, sculpt_divide_into)
      case .power: (sculpt_power, sculpt_power_of)
      case .maximum: (sculpt_maximum, sculpt_maximum)
      case .minimum: (sculpt_minimum, sculpt_minimum)
      }
    combine(
      index, isSwapped ? kinds.swapped : kinds.plain, leader: inputs[isSwapped ? 1 : 0],
      with: .node(inputs[isSwapped ? 0 : 1]))
  }

  mutating func combine(
    _ index: Int, _ kind: sculpt_arithmetic_kind, leader: Int? = nil, with operand: Operand
  ) {
    let shape = graph.nodes[index].shape
    let source = leader ?? graph.nodes[index].inputs[0]
    let placement =
      graph.nodes[source].shape == shape
      ? read(source)
      : read(source, .natural(shape), Self.layout(shape), broadcastTo: shape)
    let other = self.operand(operand, beside: placement, shape)
    let destination: Int
    if memory.buffers[placement.buffer].imageStride == 0 || graph.nodes[source].shape != shape {
      let layout = memory.layout(placement.buffer)
      destination = allocate(
        index,
        Layout(
          Shape(channels: layout.channels, height: layout.height, width: layout.width), halo: .none),
        placement.arrangement)
    } else {
      destination = elementwise(index, source, placement)
    }
    emit(
      .combine(
        CombineStep(
          source: placement.buffer, other: other, destination: destination, kind: kind)))
    release(inputsOf: index)
  }

  /// A buffer with the second operand, broadcast as far as the step cannot do it itself.
  private mutating func operand(
    _ operand: Operand, beside leader: Placement, _ shape: Shape
  ) -> Int {
    let layout = memory.layout(leader.buffer)
    let (own, parameter): (Shape, String?) =
      switch operand {
      case .constant(let name, let shape): (shape, name)
      case .node(let node):
        if case .constant(let constant) = graph.nodes[node].op {
          (constant.shape, constant.parameter)
        } else {
          (graph.nodes[node].shape, nil)
        }
      }
    // One value a channel, if all pixels of a channel have the same.
    let missing = shape.rank - own.rank
    let varying = (0..<shape.rank).filter { $0 >= missing && own.dimensions[$0 - missing] > 1 }
    let isPerChannel =
      layout.height * layout.width > 1
      && varying.allSatisfy { leader.arrangement.axes[$0].allSatisfy(\.isChannel) }
    if let parameter {
      let values = model.parameters[parameter]?.values ?? []
      let offsets = leader.arrangement.offsets(in: layout)
      let indices = Self.broadcastIndices(from: own, to: shape)
      guard isPerChannel else {
        return appendConstant(layout.withoutHalo, offsets: leader, indices.map { values[$0] })
      }
      let vector = Layout(Shape([layout.channels, 1, 1]), halo: .none)
      var perChannel = [Float](repeating: 0, count: layout.channels)
      for (offset, index) in zip(offsets, indices) {
        perChannel[layout.channel(at: Int(offset))] = values[index]
      }
      return appendConstant(vector, perChannel.indices.map { Int32($0) }, perChannel)
    }
    guard case .node(let node) = operand else { return leader.buffer }
    if isPerChannel, case let placement = read(node) {
      let own = memory.layout(placement.buffer)
      let atoms = leader.arrangement.axes.enumerated().map { axis, atoms in
        varying.contains(axis) ? atoms : []
      }
      let covers = atoms.flatMap { $0 }.reduce(1) { $0 * $1.extent } == layout.channels
      if covers, own.height * own.width == 1, own.channels == layout.channels,
        Array(placement.arrangement.axes) == Array(atoms.dropFirst(missing))
      {
        return placement.buffer
      }
    }
    return read(node, leader.arrangement, layout.withoutHalo, broadcastTo: shape).buffer
  }

  private mutating func appendConstant(
    _ layout: Layout, offsets leader: Placement, _ values: [Float]
  ) -> Int {
    appendConstant(layout, leader.arrangement.offsets(in: layout), values)
  }

  // MARK: Over channels

  mutating func compile(_ norm: LayerNormalization, _ index: Int) {
    let shape = graph.nodes[index].shape
    let scale = model.parameters[norm.scale]?.values ?? []
    let shift =
      norm.bias.flatMap { model.parameters[$0]?.values }
      ?? [Float](repeating: 0, count: scale.count)
    normalize(
      index, axes: Array(norm.axis..<shape.rank),
      .layer(scale: append(scale), shift: append(shift), epsilon: norm.epsilon))
  }

  mutating func normalize(_ index: Int, axes: [Int], _ kind: NormalizeStep.Kind) {
    let placement = read(graph.nodes[index].inputs[0], axes)
    let layout = memory.layout(placement.buffer)
    let shape = Shape(channels: layout.channels, height: layout.height, width: layout.width)
    let destination = allocate(index, Layout(shape, halo: .none), placement.arrangement)
    emit(
      .normalize(
        NormalizeStep(source: placement.buffer, destination: destination, kind: kind)))
    release(inputsOf: index)
  }

  mutating func compile(_ norm: GroupNormalization, _ index: Int) {
    let placement = read(graph.nodes[index].inputs[0], [0])
    let layout = memory.layout(placement.buffer)
    let shape = Shape(channels: layout.channels, height: layout.height, width: layout.width)
    let halo = shape == graph.nodes[index].shape ? halos[index] : .none
    let destination = allocate(index, Layout(shape, halo: halo), placement.arrangement)
    emit(
      .normalizeGroups(
        NormalizeGroupsStep(
          source: placement.buffer, destination: destination, groups: norm.groups,
          epsilon: norm.epsilon, scale: append(model.parameters[norm.scale]?.values ?? []),
          shift: append(model.parameters[norm.bias]?.values ?? []))))
    release(inputsOf: index)
  }

  mutating func compileArgMax(_ index: Int, _ axis: Int) {
    let source = graph.nodes[index].inputs[0]
    let shape = graph.nodes[source].shape
    let placement = read(source, [axis])
    let layout = memory.layout(placement.buffer)
    var axes = placement.arrangement.axes
    axes[axis] = []
    if graph.nodes[index].shape.rank < shape.rank { axes.remove(at: axis) }
    let destination = allocate(
      index, Layout(Shape([1, layout.height, layout.width]), halo: .none), Arrangement(axes: axes))
    emit(.argMax(ArgMaxStep(source: placement.buffer, destination: destination)))
    release(inputsOf: index)
  }

  // MARK: Over pixels

  mutating func compile(_ pooling: Pooling, _ index: Int, isAverage: Bool) {
    let source = readMap(graph.nodes[index].inputs[0])
    emit(
      .pool(
        PoolStep(
          source: source, destination: allocate(index), pooling: pooling, isAverage: isAverage)))
    release(inputsOf: index)
  }

  /// The mean over some axes is the pool of all pixels when the other axes are the channels.
  mutating func compileMean(_ index: Int, axes: [Int]) {
    let source = graph.nodes[index].inputs[0]
    let shape = graph.nodes[source].shape
    let kept = shape.dimensions.indices.filter { !axes.contains($0) }
    let placement = read(source, kept)
    let layout = memory.layout(placement.buffer)
    let whole = Extent(layout.height, layout.width)
    let result = graph.nodes[index].shape
    let destination = allocate(
      index, Layout(Shape([layout.channels, 1, 1]), halo: .none),
      Arrangement(result, channelAxes: Array(result.dimensions.indices)))
    emit(
      .pool(
        PoolStep(
          source: placement.buffer, destination: destination,
          pooling: Pooling(kernel: whole, strides: whole), isAverage: true)))
    release(inputsOf: index)
  }
}

extension Layout {
  /// The same extents without a halo.
  fileprivate var withoutHalo: Layout {
    Layout(Shape(channels: channels, height: height, width: width), halo: .none)
  }

  /// The channel of the element at an offset in an image.
  fileprivate func channel(at offset: Int) -> Int { offset / plane * 8 + offset % 8 }
}
