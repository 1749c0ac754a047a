public import ModelGraph

/// Networks put together at random from the blocks of many families, with random weights: residual sums
/// with and without projections, padded shortcuts, dense concatenations, splits and shuffles, gates,
/// grouped and depthwise convolutions; then, for half of them, tokens with attention.
public struct RandomNetwork {
  private var generator: SmallNetwork.Generator
  private var declarations: [NodeDeclaration] = []
  /// The node declared last, and the shape it yields.
  private var last = "input"
  private var shape = Shape(channels: 3, height: 8, width: 8)

  /// The network that a seed leads to.
  public static func model(seed: UInt64) throws -> Model {
    var network = RandomNetwork(generator: .init(state: seed &* 77 &+ 5))
    return try network.model()
  }

  private mutating func model() throws -> Model {
    conv(4 * number(in: 2...4))
    for _ in 0..<number(in: 2...6) { block() }
    if flip() { transformer() } else { classifier() }
    let graph = try Graph(
      input: Shape(channels: 3, height: 8, width: 8), declarations: declarations)
    return try SmallNetwork.trained(graph, using: &generator)
  }

  private mutating func number(in range: ClosedRange<Int>) -> Int {
    .random(in: range, using: &generator)
  }
  private mutating func flip() -> Bool { .random(using: &generator) }

  @discardableResult
  private mutating func add(_ op: Operator, _ inputs: String..., shape: Shape? = nil) -> String {
    let name = "n\(declarations.count)"
    declarations.append(
      NodeDeclaration(name: name, op: op, inputs: inputs.isEmpty ? [last] : inputs))
    last = name
    if let shape { self.shape = shape }
    return name
  }

  @discardableResult
  private mutating func conv(
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

  private mutating func normalize() {
    let name = "n\(declarations.count)"
    add(
      .batchNormalization(
        BatchNormalization(
          scale: "\(name).weight", bias: "\(name).bias", mean: "\(name).mean",
          variance: "\(name).variance", epsilon: 1e-5)))
  }

  private mutating func activate() {
    let kinds: [Activation] = [.relu, .sigmoid, .hardSwish, .tanh, .gelu(isApproximate: false)]
    if number(in: 0...5) == 0 {
      let slope = Constant("n\(declarations.count).slope", shape: Shape([shape.channels, 1, 1]))
      add(.parametricRelu(slope: slope))
    } else {
      add(.activation(kinds[number(in: 0...4)]))
    }
  }

  private mutating func constant(_ shape: Shape) -> String {
    let name = "n\(declarations.count)"
    declarations.append(
      NodeDeclaration(
        name: name, op: .constant(Constant("\(name).value", shape: shape)), inputs: []))
    return name
  }

  private mutating func slice(_ source: String, _ channels: Range<Int>, step: Int = 1) -> String {
    add(
      .slice(
        Slice(
          starts: [channels.lowerBound, 0, 0],
          counts: [(channels.count - 1) / step + 1, shape.height, shape.width],
          steps: [step, 1, 1])), source)
  }

  private mutating func block() {
    let (start, channels) = (last, shape.channels)
    switch number(in: 0...9) {
    case 0:
      conv(4 * number(in: 1...4))
      normalize()
      activate()
      conv(channels)
      add(.add, last, start)
    case 1:
      // A projection shortcut at half the resolution.
      let (before, filters) = (shape, 4 * number(in: 2...5))
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
      let new = conv(4 * number(in: 1...2))
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
      let group = [1, 2, 4].randomElement(using: &generator) ?? 1
      conv(group * number(in: 1...2) * (channels / group), groups: channels / group)
      normalize()
    case 7:
      let scale = constant(Shape([channels, 1, 1]))
      add(.arithmetic(.multiply), scale, start)
    case 8:
      let every = slice(start, 0..<channels, step: 2)
      conv(channels, from: every)
    default:
      conv(4 * number(in: 2...5), kernel: 1)
      activate()
      add(.maxPool(Pooling(kernel: Extent(1, 1), strides: Extent(1, 1))))
    }
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
  private mutating func linear(_ features: Int, from source: String? = nil) -> String {
    let name = "n\(declarations.count)"
    return add(
      .linear(Linear(outputFeatures: features, weight: "\(name).weight", bias: "\(name).bias")),
      source ?? last)
  }

  private mutating func activateFeatures() { add(.activation(.gelu(isApproximate: false))) }

  private mutating func layerNorm() -> String {
    let name = "n\(declarations.count)"
    return add(
      .layerNormalization(
        LayerNormalization(axis: 1, scale: "\(name).weight", bias: "\(name).bias")))
  }

  private mutating func transformer() {
    let (heads, width) = (number(in: 2...4), 4 * number(in: 1...2))
    let features = heads * width
    conv(features, kernel: 1)
    let tokens = shape.height * shape.width
    add(.reshape(Shape([features, tokens])))
    add(.transpose(permutation: [1, 0]))
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
    add(.reduceMean(axes: [0], keepsAxes: false))
    linear(5)
  }
}
