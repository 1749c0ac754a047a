public import ModelGraph

/// Networks put together at random from the blocks of many families, with random weights: residual sums
/// with and without projections, padded shortcuts, dense concatenations, splits and shuffles, gates,
/// grouped and depthwise convolutions, and what `RandomNetwork+Blocks` adds; then, for half of them, tokens with
/// attention.
public struct RandomNetwork {
  var generator: SmallNetwork.Generator
  var declarations: [NodeDeclaration] = []
  /// The node declared last, and the shape it yields.
  var last = "input"
  var shape = Shape(channels: 3, height: 8, width: 8)

  /// The network that a seed leads to.
  public static func model(seed: UInt64) throws -> Model {
    var network = RandomNetwork(generator: .init(state: seed &* 77 &+ 5))
    return try network.model()
  }

  /// A convolution whose last channel gates all the others, so that it cannot go.
  public static func gated(seed: UInt64) throws -> Model {
    var network = RandomNetwork(generator: .init(state: seed))
    let input = network.shape
    network.conv(17, kernel: 1)
    let (both, whole) = (network.last, network.shape)
    let value = network.slice(both, 0..<16)
    network.add(
      .arithmetic(.multiply), value, network.slice(both, 16..<17),
      shape: Shape(channels: 16, height: whole.height, width: whole.width))
    network.conv(8)
    network.classifier()
    let graph = try Graph(input: input, declarations: network.declarations)
    return scaled(try SmallNetwork.trained(graph, using: &network.generator))
  }

  private mutating func model() throws -> Model {
    if flip() {
      shape = Shape(
        channels: number(in: 1...4), height: number(in: 5...10), width: number(in: 5...10))
    }
    let input = shape
    conv(filters(2...4))
    for _ in 0..<number(in: 2...6) { block() }
    switch number(in: 0...5) {
    case 0...2: transformer()
    case 3, 4: classifier()
    default: heads()
    }
    let graph = try Graph(input: input, declarations: declarations)
    return Self.scaled(try SmallNetwork.trained(graph, using: &generator))
  }

  /// Weights as small as initialisation makes them, so that activations neither vanish nor explode.
  private static func scaled(_ model: Model) -> Model {
    model.replacing(
      model.parameters.mapValues { parameter in
        let inputs = parameter.shape.dropFirst().reduce(1, *)
        guard [2, 4].contains(parameter.shape.count), inputs > 3 else { return parameter }
        let factor = (3 / Float(inputs)).squareRoot()
        return Parameter(shape: parameter.shape, values: parameter.values.map { $0 * factor })
      })
  }

  mutating func number(in range: ClosedRange<Int>) -> Int {
    .random(in: range, using: &generator)
  }
  mutating func flip() -> Bool { .random(using: &generator) }

  /// So many blocks of four filters, for a quarter of all layers any number.
  mutating func filters(_ blocks: ClosedRange<Int>) -> Int {
    number(in: 0...3) == 0
      ? number(in: 4 * blocks.lowerBound - 1...4 * blocks.upperBound) : 4 * number(in: blocks)
  }

  @discardableResult
  mutating func add(_ op: Operator, _ inputs: String..., shape: Shape? = nil) -> String {
    let name = "n\(declarations.count)"
    declarations.append(
      NodeDeclaration(name: name, op: op, inputs: inputs.isEmpty ? [last] : inputs))
    last = name
    if let shape { self.shape = shape }
    return name
  }

  @discardableResult
  mutating func conv(
    _ filters: Int, from source: String? = nil, kernel: Int = 3, groups: Int = 1, stride: Int = 1
  ) -> String {
    let name = "n\(declarations.count)"
    let pad = kernel / 2
    let conv = Convolution(
      outputChannels: filters, kernel: Extent(kernel, kernel), strides: Extent(stride, stride),
      pads: Pads(top: pad, left: pad, bottom: pad, right: pad), groups: groups,
      weight: "\(name).weight", bias: flip() ? "\(name).bias" : nil)
    return add(
      .convolution(conv), source ?? last,
      shape: Shape(
        channels: filters, height: (shape.height - 1) / stride + 1,
        width: (shape.width - 1) / stride + 1))
  }

  mutating func normalize() {
    let name = "n\(declarations.count)"
    add(
      .batchNormalization(
        BatchNormalization(
          scale: "\(name).weight", bias: "\(name).bias", mean: "\(name).mean",
          variance: "\(name).variance", epsilon: 1e-5)))
  }

  mutating func activate() {
    let kinds: [Activation] = [.relu, .sigmoid, .hardSwish, .tanh, .gelu(isApproximate: false)]
    if number(in: 0...5) == 0 {
      let slope = Constant("n\(declarations.count).slope", shape: Shape([shape.channels, 1, 1]))
      add(.parametricRelu(slope: slope))
    } else {
      add(.activation(kinds[number(in: 0...4)]))
    }
  }

  /// A tensor that training found, or numbers between 0.1 and 1 that the author wrote down.
  mutating func constant(_ shape: Shape, isLearned: Bool = true) -> String {
    let name = "n\(declarations.count)"
    let constant = Constant("\(name).value", shape: shape, isLearned: isLearned)
    declarations.append(NodeDeclaration(name: name, op: .constant(constant), inputs: []))
    return name
  }

  mutating func slice(_ source: String, _ channels: Range<Int>, step: Int = 1) -> String {
    add(
      .slice(
        Slice(
          starts: [channels.lowerBound, 0, 0],
          counts: [(channels.count - 1) / step + 1, shape.height, shape.width],
          steps: [step, 1, 1])), source)
  }

  private mutating func block() {
    let (start, channels) = (last, shape.channels)
    switch number(in: 0...19) {
    case 0:
      conv(filters(1...4))
      normalize()
      activate()
      conv(channels)
      add(.add, last, start)
    case 1:
      // A projection shortcut at half the resolution.
      let (before, filters) = (shape, filters(2...5))
      let main = conv(filters, stride: 2)
      shape = before
      let shortcut = conv(filters, from: start, kernel: 1, stride: 2)
      add(.add, main, shortcut)
      activate()
    case 2:
      // A shortcut of padded channels.
      let more = 2 * number(in: 1...2)
      let main = conv(channels + 2 * more)
      let padded = add(
        .pad(Padding(before: [more, 0, 0], after: [more, 0, 0])), start)
      add(.add, main, padded)
    case 3:
      let new = conv(filters(1...2))
      let all = Shape(
        channels: channels + shape.channels, height: shape.height, width: shape.width)
      add(.concat(axis: 0), start, new, shape: all)
      normalize()
    case 4:
      // Half of the channels pass, half are convolved; then both are shuffled.
      let half = channels / 2
      let kept = slice(start, 0..<half)
      let other = slice(start, half..<2 * half)
      let new = conv(half, from: other)
      add(
        .concat(axis: 0), kept, new,
        shape: Shape(channels: 2 * half, height: shape.height, width: shape.width))
      if flip() {
        add(.channelShuffle(groups: 2))
      } else {
        let (height, width) = (shape.height, shape.width)
        add(.reshape(Shape([2, half, height, width])))
        add(.transpose(permutation: [1, 0, 2, 3]))
        add(.reshape(shape))
      }
    case 5:
      let whole = shape
      add(.globalAveragePool, shape: Shape(channels: channels, height: 1, width: 1))
      conv(4, kernel: 1)
      activate()
      conv(channels, kernel: 1)
      add(.activation(.sigmoid))
      add(.arithmetic(.multiply), start, last, shape: whole)
    case 6:
      let group =
        [1, 2, 4].filter { channels.isMultiple(of: $0) }
        .randomElement(using: &generator) ?? 1
      conv(group * number(in: 1...2) * (channels / group), groups: channels / group)
      normalize()
    case 7:
      let scale = constant(Shape([channels, 1, 1]))
      add(.arithmetic(.multiply), scale, start)
    case 8:
      let every = slice(start, 0..<channels, step: 2)
      conv(channels, from: every)
    case 10...: rareBlock()
    default:
      conv(filters(2...5), kernel: 1)
      activate()
      add(.maxPool(Pooling(kernel: Extent(1, 1), strides: Extent(1, 1))))
    }
  }

  /// Several classifiers of one map, side by side.
  private mutating func heads() {
    let (start, map) = (last, shape)
    let outputs = (0..<number(in: 2...3)).map { _ in
      (last, shape) = (start, map)
      classifier()
      return last
    }
    declarations.append(
      NodeDeclaration(name: "heads", op: .concat(axis: 0), inputs: outputs))
    last = "heads"
  }

  private mutating func classifier() {
    if flip() {
      add(.globalAveragePool, shape: Shape(channels: shape.channels, height: 1, width: 1))
    }
    add(.flatten)
    linear(4 * number(in: 2...6))
    activateFeatures()
    linear(5)
  }

  @discardableResult
  mutating func linear(_ features: Int, from source: String? = nil) -> String {
    let name = "n\(declarations.count)"
    return add(
      .linear(Linear(outputFeatures: features, weight: "\(name).weight", bias: "\(name).bias")),
      source ?? last)
  }

  mutating func activateFeatures() { add(.activation(.gelu(isApproximate: false))) }

  mutating func layerNorm() -> String {
    let name = "n\(declarations.count)"
    return add(
      .layerNormalization(
        LayerNormalization(axis: 1, scale: "\(name).weight", bias: "\(name).bias")))
  }

  private mutating func transformer() {
    let (heads, width) = (number(in: 2...4), 4 * number(in: 1...2))
    let features = heads * width
    conv(features, kernel: 1)
    var tokens = shape.height * shape.width
    add(.reshape(Shape([features, tokens])))
    add(.transpose(permutation: [1, 0]))
    let hasClassToken = flip()
    if hasClassToken {
      let token = constant(Shape([1, features]))
      add(.concat(axis: 0), token, last)
      tokens += 1
    }
    let position = constant(Shape([tokens, features]))
    add(.add, last, position)
    for _ in 0..<number(in: 1...2) {
      let start = last
      let norm = layerNorm()
      if flip() {
        let (q, k, v) = (
          linear(features, from: norm), linear(features, from: norm), linear(features, from: norm)
        )
        add(.attention(Attention(heads: heads, scale: 0.3)), q, k, v)
      } else {
        // Queries, keys and values of one layer.
        let fused = linear(3 * features, from: norm)
        func part(_ place: Int) -> Operator {
          .slice(Slice(starts: [0, place * features], counts: [tokens, features]))
        }
        let (q, k, v) = (add(part(0), fused), add(part(1), fused), add(part(2), fused))
        add(.attention(Attention(heads: heads, scale: 0.3)), q, k, v)
      }
      linear(features)
      let scale = constant(Shape([features]))
      add(.arithmetic(.multiply), last, scale)
      let middle = add(.add, last, start)
      let normed = layerNorm()
      linear(8 * number(in: 1...3), from: normed)
      activateFeatures()
      linear(features)
      add(.add, last, middle)
    }
    if hasClassToken {
      add(.gather(Gather(axis: 0, indices: [0], indicesShape: [])))
    } else {
      add(.reduceMean(axes: [0], keepsAxes: false))
    }
    linear(5)
  }
}
