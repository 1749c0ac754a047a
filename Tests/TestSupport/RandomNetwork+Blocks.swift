import ModelGraph

/// Blocks that fewer networks have: shared parameters, numbers of any rank, gates, attention over pixels, channels
/// last, and the rearrangements that exporters write them in.
extension RandomNetwork {
  /// A name that no node has.
  private var name: String { "n\(declarations.count)" }
  private var pixels: Int { shape.height * shape.width }

  mutating func rareBlock() {
    switch number(in: 0...23) {
    case 0: sharedWeight()
    case 1: sharedNorm()
    case 2: sharedBias()
    case 3, 4: number()
    case 5: channelsLast()
    case 6: responseNorm()
    case 7: attentionPool()
    case 8: weightedMean()
    case 9: upsampled()
    case 10: branches()
    case 11: gathered()
    case 12: groupNorm()
    case 13: gatedLinear()
    case 14: spaceToDepth()
    case 15: channelGate()
    case 16: mixer()
    case 17: crossCovariance()
    case 18: bordered()
    case 19: maxout()
    case 20: slopes()
    case 21: context()
    case 22: focus()
    default: splitAttention()
    }
  }

  /// Convolutions with one weight, each with a bias of its own or none, or all with one.
  private mutating func sharedWeight() {
    let (channels, weight) = (shape.channels, "\(name).shared")
    let kernel = [1, 3].randomElement(using: &generator) ?? 1
    let biases = number(in: 0...2)
    for _ in 0..<number(in: 2...3) {
      let bias = biases == 0 ? nil : biases == 1 ? "\(weight).bias" : "\(name).bias"
      let pads = Pads(top: kernel / 2, left: kernel / 2, bottom: kernel / 2, right: kernel / 2)
      add(
        .convolution(
          Convolution(
            outputChannels: channels, kernel: Extent(kernel, kernel), pads: pads, weight: weight,
            bias: bias)))
      if flip() { normalize() }
      activate()
    }
  }

  private mutating func sharedNorm() {
    let (channels, norm) = (shape.channels, "\(name).norm")
    for _ in 0..<2 {
      conv(channels)
      add(
        .batchNormalization(
          BatchNormalization(
            scale: "\(norm).weight", bias: "\(norm).bias", mean: "\(norm).mean",
            variance: "\(norm).variance", epsilon: 1e-5)))
      activate()
    }
  }

  private mutating func sharedBias() {
    let (channels, bias) = (shape.channels, "\(name).shared")
    for _ in 0..<2 {
      add(
        .convolution(
          Convolution(
            outputChannels: channels, kernel: .one, weight: "\(name).weight", bias: bias)))
      activate()
    }
  }

  /// Arithmetic with one number of any rank, or one for each channel, or for each pixel.
  private mutating func number() {
    let (height, width) = (shape.height, shape.width)
    let extents = [
      [], [1], [1, 1], [1, 1, 1], [shape.channels, 1, 1], [height, width], [1, height, width],
      [shape.channels, height, width],
    ]
    let start = last
    let place = number(in: 0...2 * extents.count - 1)
    // Half of them are of one element.
    let chosen = extents[place < extents.count ? place : place % 4]
    let isLearned = flip()
    let other = constant(Shape(chosen), isLearned: isLearned)
    let kinds: [Arithmetic] = [.add, .subtract, .multiply, .maximum, .minimum]
    if !isLearned, number(in: 0...3) == 0 {
      add(.arithmetic(.divide), start, other)
    } else if flip() {
      add(.arithmetic(kinds[number(in: 0...4)]), start, other)
    } else {
      add(.arithmetic(kinds[number(in: 0...4)]), other, start)
    }
  }

  /// ConvNeXt's block: a large depthwise kernel, then neurons over the last axis.
  private mutating func channelsLast() {
    let (start, channels) = (last, shape.channels)
    conv(channels, kernel: 5, groups: channels)
    add(.transpose(permutation: [1, 2, 0]))
    lastNorm()
    linear(4 * number(in: 2...6))
    activateFeatures()
    linear(channels)
    let scale = constant(Shape([channels]))
    add(.arithmetic(.multiply), last, scale)
    add(.transpose(permutation: [2, 0, 1]))
    add(.add, last, start)
  }

  private mutating func lastNorm() {
    let name = name
    add(
      .layerNormalization(
        LayerNormalization(axis: 2, scale: "\(name).weight", bias: "\(name).bias")))
  }

  /// ConvNeXt V2's normalisation by each channel's share of the energy.
  private mutating func responseNorm() {
    let channels = shape.channels
    conv(channels, kernel: 1)
    activate()
    let map = last
    add(.arithmetic(.multiply), map, map)
    let energy = add(.reduceMean(axes: [1, 2], keepsAxes: true))
    let small = constant(Shape([]), isLearned: false)
    add(.add, energy, small)
    let root = add(.activation(.sqrt))
    let mean = add(.reduceMean(axes: [0], keepsAxes: true))
    add(.arithmetic(.divide), root, mean)
    add(.arithmetic(.multiply), map, last)
    let scale = constant(Shape([channels, 1, 1]))
    add(.arithmetic(.multiply), last, scale)
    add(.add, last, map)
  }

  /// A mean of pixels whose weights are computed, as a product of matrices (GCNet).
  private mutating func attentionPool() {
    let (start, map) = (last, shape)
    conv(1, kernel: 1)
    add(.reshape(Shape([1, pixels])))
    add(.softmax(axis: 1))
    let weights = add(.transpose(permutation: [1, 0]))
    shape = map
    let flat = add(.reshape(Shape([map.channels, pixels])), start)
    add(.matMul, flat, weights)
    add(
      .reshape(Shape([map.channels, 1, 1])),
      shape: Shape(channels: map.channels, height: 1, width: 1))
    conv(map.channels, kernel: 1)
    add(.add, start, last, shape: map)
  }

  /// The same by broadcasting; what it yields scales the map.
  private mutating func weightedMean() {
    let (start, map) = (last, shape)
    conv(1, kernel: 1)
    add(.activation(.sigmoid))
    add(.arithmetic(.multiply), last, start)
    add(.reduceMean(axes: [1, 2], keepsAxes: true))
    shape = Shape(channels: map.channels, height: 1, width: 1)
    conv(map.channels, kernel: 1)
    add(.activation(.hardSigmoid(alpha: 0.2, beta: 0.5)))
    add(.arithmetic(.multiply), last, start, shape: map)
  }

  /// Down by a pool, up again, beside what was there before (U-Net).
  private mutating func upsampled() {
    let (start, map) = (last, shape)
    guard map.height > 1, map.width > 1 else { return number() }
    let pooling = Pooling(kernel: Extent(2, 2), strides: Extent(2, 2), roundsUp: true)
    let half = Shape(
      channels: map.channels, height: (map.height + 1) / 2, width: (map.width + 1) / 2)
    add(flip() ? .maxPool(pooling) : .averagePool(pooling), shape: half)
    conv(filters(1...3))
    let mode: Resize.Mode = flip() ? .linear : .nearest(.floor)
    let resize = Resize(
      mode: mode, coordinates: mode == .linear ? .halfPixel : .asymmetric,
      size: Extent(map.height, map.width))
    let channels = shape.channels
    add(.resize(resize))
    add(
      .concat(axis: 0), last, start,
      shape: Shape(channels: map.channels + channels, height: map.height, width: map.width))
  }

  /// RepVGG's block before it is folded.
  private mutating func branches() {
    let (start, channels) = (last, shape.channels)
    conv(channels)
    normalize()
    let first = last
    conv(channels, from: start, kernel: 1)
    normalize()
    let second = last
    last = start
    normalize()
    let third = last
    let sum = add(.add, first, second)
    add(.add, sum, third)
    activate()
  }

  /// Channels in another order, some of them twice.
  private mutating func gathered() {
    let channels = shape.channels
    var places = Array(0..<channels).shuffled(using: &generator)
    if flip() { places[0] = places[channels - 1] }
    add(.gather(Gather(axis: 0, indices: places, indicesShape: [channels])))
    conv(channels, kernel: 1)
  }

  private mutating func groupNorm() {
    let (name, channels) = (name, shape.channels)
    let groups = [1, 2, channels].randomElement(using: &generator) ?? 1
    add(
      .groupNormalization(
        GroupNormalization(
          groups: channels.isMultiple(of: groups) ? groups : 1, scale: "\(name).weight",
          bias: "\(name).bias")))
  }

  /// One half of the channels opens the other.
  private mutating func gatedLinear() {
    let width = 4 * number(in: 1...4)
    conv(2 * width, kernel: 1)
    let both = last
    let value = slice(both, 0..<width)
    let gate = slice(both, width..<2 * width)
    add(.activation(.sigmoid), gate)
    add(
      .arithmetic(.multiply), value, last,
      shape: Shape(channels: width, height: shape.height, width: shape.width))
  }

  /// Pixels as channels and back.
  private mutating func spaceToDepth() {
    let (channels, height, width) = (shape.channels, shape.height, shape.width)
    guard height.isMultiple(of: 2), width.isMultiple(of: 2) else { return number() }
    add(.reshape(Shape([channels, height / 2, 2, width / 2, 2])))
    add(.transpose(permutation: flip() ? [0, 2, 4, 1, 3] : [2, 4, 0, 1, 3]))
    let small = Shape(channels: 4 * channels, height: height / 2, width: width / 2)
    add(.reshape(small), shape: small)
    guard flip() else {
      conv(channels)
      return
    }
    conv(4 * channels, kernel: 1)
    add(.reshape(Shape([channels, 2, 2, height / 2, width / 2])))
    add(.transpose(permutation: [0, 3, 1, 4, 2]))
    let large = Shape(channels: channels, height: height, width: width)
    add(.reshape(large), shape: large)
  }

  /// A gate by a convolution along the channels (ECA-Net).
  private mutating func channelGate() {
    let (start, map) = (last, shape)
    add(.globalAveragePool)
    let line = Shape(channels: 1, height: map.channels, width: 1)
    add(.reshape(line), shape: line)
    conv(1)
    add(.activation(.sigmoid))
    let column = Shape(channels: map.channels, height: 1, width: 1)
    add(.reshape(column), shape: column)
    add(.arithmetic(.multiply), start, last, shape: map)
  }

  /// Neurons over the pixels, then over the channels.
  private mutating func mixer() {
    let (start, map, tokens) = (last, shape, pixels)
    let flat = add(.reshape(Shape([map.channels, tokens])), start)
    linear(4 * number(in: 1...3))
    activateFeatures()
    linear(tokens)
    add(.add, last, flat)
    let across = add(.transpose(permutation: [1, 0]))
    linear(4 * number(in: 2...4), from: across)
    activateFeatures()
    linear(map.channels)
    add(.add, last, across)
    add(.transpose(permutation: [1, 0]))
    add(.reshape(map), shape: map)
  }

  /// Attention among channels, written out (XCiT).
  private mutating func crossCovariance() {
    let (start, map, tokens) = (last, shape, pixels)
    let features = 4 * number(in: 1...3)
    let parts = (0..<3).map { _ in
      shape = map
      conv(features, from: start, kernel: 1)
      return add(.reshape(Shape([2, features / 2, tokens])))
    }
    let keys = add(.transpose(permutation: [0, 2, 1]), parts[1])
    add(.matMul, parts[0], keys)
    let scale = constant(Shape([2, 1, 1]))
    add(.arithmetic(.multiply), last, scale)
    let weights = add(.softmax(axis: 2))
    add(.matMul, weights, parts[2])
    let whole = Shape(channels: features, height: map.height, width: map.width)
    add(.reshape(whole), shape: whole)
    conv(map.channels, kernel: 1)
    add(.add, last, start)
  }

  /// Borders that are not zero, cut off again behind a pool.
  private mutating func bordered() {
    let map = shape
    let modes: [Padding.Mode] = [.edge, .reflect, .constant(0.5)]
    let mode = map.height > 1 && map.width > 1 ? modes[number(in: 0...2)] : .edge
    let wide = Shape(channels: map.channels, height: map.height + 2, width: map.width + 2)
    add(.pad(Padding(before: [0, 1, 1], after: [0, 1, 1], mode: mode)), shape: wide)
    if flip() {
      add(.averagePool(Pooling(kernel: Extent(3, 3), strides: .one)), shape: map)
      return
    }
    add(
      .averagePool(
        Pooling(
          kernel: Extent(3, 3), strides: .one, pads: Pads(top: 1, left: 1, bottom: 1, right: 1),
          countsPads: flip())))
    add(
      .slice(
        Slice(starts: [0, 1, 1], counts: [map.channels, map.height, map.width])), shape: map)
  }

  private mutating func maxout() {
    let (start, filters) = (last, filters(1...4))
    let first = conv(filters, from: start)
    let second = conv(filters, from: start, kernel: 1)
    add(.arithmetic(flip() ? .maximum : .minimum), first, second)
  }

  /// Slopes of any rank.
  private mutating func slopes() {
    let extents = [
      [], [1], [1, 1, 1], [shape.channels, 1, 1], [shape.channels, shape.height, shape.width],
      [1, shape.height, 1],
    ]
    let chosen = extents[number(in: 0...extents.count - 1)]
    add(.parametricRelu(slope: Constant("\(name).slope", shape: Shape(chosen))))
  }

  /// The mean of each channel, beside its pixels.
  private mutating func context() {
    let (start, map) = (last, shape)
    add(.globalAveragePool, shape: Shape(channels: map.channels, height: 1, width: 1))
    conv(4, kernel: 1)
    let wide = Shape(channels: 4, height: map.height, width: map.width)
    let mean = add(.expand(wide))
    add(
      .concat(axis: 0), start, mean,
      shape: Shape(channels: map.channels + 4, height: map.height, width: map.width))
  }

  /// Every second pixel of each phase, side by side (YOLO).
  private mutating func focus() {
    let (start, map) = (last, shape)
    guard map.height.isMultiple(of: 2), map.width.isMultiple(of: 2) else { return number() }
    let half = Shape(channels: 4 * map.channels, height: map.height / 2, width: map.width / 2)
    let phases = [(0, 0), (1, 0), (0, 1), (1, 1)].map { y, x in
      add(
        .slice(
          Slice(
            starts: [0, y, x], counts: [map.channels, half.height, half.width], steps: [1, 2, 2])),
        start)
    }
    declarations.append(NodeDeclaration(name: name, op: .concat(axis: 0), inputs: phases))
    (last, shape) = (declarations[declarations.count - 1].name, half)
    conv(map.channels)
  }

  /// Two groups of filters whose shares are computed (ResNeSt).
  private mutating func splitAttention() {
    let (height, width) = (shape.height, shape.width)
    let filters = 4 * number(in: 1...3)
    conv(2 * filters, groups: shape.channels.isMultiple(of: 2) ? 2 : 1)
    activate()
    let both = add(.reshape(Shape([2, filters, height, width])))
    let sum = add(.reduceMean(axes: [0], keepsAxes: false), both)
    shape = Shape(channels: filters, height: height, width: width)
    add(.globalAveragePool, sum, shape: Shape(channels: filters, height: 1, width: 1))
    conv(4, kernel: 1)
    activate()
    conv(2 * filters, kernel: 1)
    add(.reshape(Shape([2, filters, 1, 1])))
    let shares = add(.softmax(axis: 0))
    add(.arithmetic(.multiply), both, shares)
    add(
      .reduceMean(axes: [0], keepsAxes: false),
      shape: Shape(channels: filters, height: height, width: width))
  }
}
