import ModelGraph
import Testing

/// Draws networks whose every operator is legal, with values that stay small.
struct RandomOperators {
  var random: RandomModel
  var declarations: [NodeDeclaration] = []
  var shapes: [(name: String, shape: Shape)] = []

  init(seed: UInt64) { random = RandomModel(seed: seed &* 7919 &+ 1) }

  mutating func model(nodes: Int) throws -> Model {
    let inputs = [
      Shape([random.integer(1...20), random.integer(1...6), random.integer(1...6)]),
      Shape([random.integer(1...9), random.integer(1...24)]),
      Shape([random.integer(1...40)]),
      Shape([random.integer(1...3), random.integer(1...4), random.integer(1...5), 8]),
    ]
    let input = inputs[random.integer(0...3)]
    shapes = [("input", input)]
    for number in 0..<nodes {
      let (source, shape) = shapes[shapes.count - 1]
      let name = "n\(number)"
      let (op, others) = operation(shape, name)
      declarations.append(NodeDeclaration(name: name, op: op, inputs: [source] + others))
      let graph = try Graph(input: input, declarations: declarations)
      let index = try #require(graph.index(of: name))
      shapes.append((name, graph.nodes[index].shape))
    }
    return try random.model(input: input, declarations, zeros: 0.3)
  }

  private mutating func operation(_ shape: Shape, _ name: String) -> (Operator, [String]) {
    let axes = shape.dimensions.indices
    let axis = random.integer(0...axes.count - 1)
    if shape.isFeatureMap, random.integer(0...2) == 0 { return (spatial(shape, name), []) }
    switch random.integer(0...15) {
    case 0:
      return (
        .linear(
          Linear(
            outputFeatures: random.integer(1...20), weight: "\(name).weight", bias: "\(name).bias")),
        []
      )
    case 1:
      let first = random.integer(0...axes.count - 1)
      return (
        .layerNormalization(
          LayerNormalization(axis: first, scale: "\(name).scale", bias: "\(name).bias")), []
      )
    case 2: return (.softmax(axis: axis), [])
    case 3:
      var order = Array(axes)
      order.shuffle(using: &random.generator)
      return (.transpose(permutation: order), [])
    case 4: return (.reshape(refactored(shape)), [])
    case 5: return (.activation([.relu, .silu, .hardSwish, .tanh][random.integer(0...3)]), [])
    case 6:
      let counts = axes.map { random.integer(1...shape.dimensions[$0]) }
      let starts = axes.map { random.integer(0...shape.dimensions[$0] - counts[$0]) }
      return (.slice(Slice(starts: starts, counts: counts)), [])
    case 7:
      let indices = (0..<random.integer(1...4)).map { _ in
        random.integer(0...shape.dimensions[axis] - 1)
      }
      let isSingle = indices.count == 1 && shape.rank > 1
      return (
        .gather(
          Gather(axis: axis, indices: indices, indicesShape: isSingle ? [] : [indices.count])), []
      )
    case 8:
      let before = axes.map { _ in random.integer(0...2) }
      return (.pad(Padding(before: before, after: before.reversed(), mode: .constant(0.5))), [])
    case 9:
      let keeps = random.integer(0...1) == 1 || shape.rank == 1
      return (.reduceMean(axes: [axis], keepsAxes: keeps), [])
    case 10:
      // With an operand that is broadcast along some axes.
      let own = Shape(axes.map { random.integer(0...1) == 0 ? 1 : shape.dimensions[$0] })
      declarations.append(.node("\(name).c", .constant(Constant("\(name).value", shape: own))))
      return (.arithmetic([.add, .multiply, .subtract][random.integer(0...2)]), ["\(name).c"])
    case 11:
      guard let same = shapes.last(where: { $0.shape == shape && $0.name != shapes.last?.name })
      else { return (.flatten, []) }
      return (.arithmetic([.add, .subtract, .multiply][random.integer(0...2)]), [same.name])
    case 12:
      let earlier = shapes.last { other in
        other.shape.rank == shape.rank
          && axes.allSatisfy { $0 == axis || other.shape.dimensions[$0] == shape.dimensions[$0] }
      }
      return (.concat(axis: axis), [earlier?.name ?? "input"])
    case 13:
      return (
        .parametricRelu(
          slope: Constant("\(name).slope", shape: Shape([shape.dimensions.last ?? 1]))),
        []
      )
    case 14:
      return (shape.rank < 5 ? .expand(Shape([2] + shape.dimensions)) : .flatten, [])
    default:
      let inner = shape.dimensions.last ?? 1
      let own = Shape([inner, random.integer(1...9)])
      guard shape.rank >= 2 else { return (.flatten, []) }
      declarations.append(.node("\(name).c", .constant(Constant("\(name).value", shape: own))))
      return (.matMul, ["\(name).c"])
    }
  }

  private mutating func spatial(_ shape: Shape, _ name: String) -> Operator {
    switch random.integer(0...6) {
    case 0:
      let groups = [1, shape.channels][random.integer(0...1)]
      return .convolution(
        Convolution(
          outputChannels: groups == 1 ? random.integer(1...20) : groups, kernel: Extent(3, 2),
          strides: Extent(random.integer(1...2), 1),
          pads: Pads(top: 1, left: 0, bottom: 1, right: 1),
          groups: groups, weight: "\(name).weight", bias: "\(name).bias"))
    case 1:
      return .batchNormalization(
        BatchNormalization(
          scale: "\(name).scale", bias: "\(name).bias", mean: "\(name).mean",
          variance: "\(name).variance", epsilon: 1e-3))
    case 2:
      return .maxPool(
        Pooling(
          kernel: Extent(2, 2), strides: Extent(2, 1),
          pads: Pads(top: 1, left: 1, bottom: 1, right: 1),
          roundsUp: true))
    case 3:
      return .averagePool(
        Pooling(
          kernel: Extent(3, 2), strides: Extent(2, 2),
          pads: Pads(top: 1, left: 1, bottom: 2, right: 1),
          countsPads: random.integer(0...1) == 1, roundsUp: random.integer(0...1) == 1))
    case 4: return .globalAveragePool
    case 5:
      return .groupNormalization(
        GroupNormalization(
          groups: shape.channels.isMultiple(of: 2) ? 2 : 1, scale: "\(name).scale",
          bias: "\(name).bias"))
    default: return .channelShuffle(groups: shape.channels.isMultiple(of: 3) ? 3 : 1)
    }
  }

  /// Another shape of as many elements.
  private mutating func refactored(_ shape: Shape) -> Shape {
    var rest = shape.count
    var extents: [Int] = []
    while extents.count < 3, rest > 1 {
      let divisors = (1...rest).filter { rest.isMultiple(of: $0) }
      let extent = divisors[random.integer(0...divisors.count - 1)]
      extents.append(extent)
      rest /= extent
    }
    return Shape(extents + [rest])
  }
}
