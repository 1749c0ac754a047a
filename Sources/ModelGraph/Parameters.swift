/// A trained array: a weight, a bias or a running statistic, row-major.
public struct Parameter: Hashable, Sendable {
  /// The extents, outermost first.
  public let shape: [Int]
  /// The values, `shape`'s product of them.
  public var values: [Float]

  /// A parameter. `values` must fill `shape`.
  public init(shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "values do not fill shape \(shape)")
    self.shape = shape
    self.values = values
  }
}

/// A parameter that a node needs.
public struct ParameterDeclaration: Hashable, Sendable {
  /// Its name in the model's parameters.
  public let name: String
  /// Its shape.
  public let shape: [Int]
  /// Whether training learns it; running statistics are not learned and not counted.
  public let isLearned: Bool

  /// The number of values.
  public var count: Int { shape.reduce(1, *) }
}

extension Graph {
  /// The parameters that node `index` needs, weight first.
  public func parameters(of index: Int) -> [ParameterDeclaration] {
    let node = nodes[index]
    let input = node.inputs.first.map { nodes[$0].shape } ?? node.shape
    func learned(_ name: String?, _ shape: [Int]) -> [ParameterDeclaration] {
      name.map { [ParameterDeclaration(name: $0, shape: shape, isLearned: true)] } ?? []
    }
    switch node.op {
    case .constant(let constant), .parametricRelu(let constant):
      return [
        ParameterDeclaration(
          name: constant.parameter, shape: constant.shape.dimensions,
          isLearned: constant.isLearned)
      ]
    case .convolution(let conv):
      return learned(
        conv.weight,
        [
          conv.outputChannels, input.channels / conv.groups, conv.kernel.height, conv.kernel.width,
        ]) + learned(conv.bias, [conv.outputChannels])
    case .linear(let linear):
      return learned(linear.weight, [linear.outputFeatures, input.dimensions.last ?? 1])
        + learned(linear.bias, [linear.outputFeatures])
    case .batchNormalization(let norm):
      let channels = [input.dimensions.first ?? 1]
      return learned(norm.scale, channels) + learned(norm.bias, channels)
        + [norm.mean, norm.variance].map {
          ParameterDeclaration(name: $0, shape: channels, isLearned: false)
        }
    case .layerNormalization(let norm):
      let axes = Array(input.dimensions[norm.axis...])
      return learned(norm.scale, axes) + learned(norm.bias, axes)
    case .groupNormalization(let norm):
      let channels = [input.dimensions.first ?? 1]
      return learned(norm.scale, channels) + learned(norm.bias, channels)
    default:
      return []
    }
  }

  /// Learned parameters of node `index`, running statistics left out.
  public func parameterCount(of index: Int) -> Int {
    parameters(of: index).filter(\.isLearned).reduce(0) { $0 + $1.count }
  }

  /// Learned parameters of the whole graph; what several nodes share counts once.
  public var parameterCount: Int {
    var counts: [String: Int] = [:]
    for index in nodes.indices {
      for parameter in parameters(of: index) where parameter.isLearned {
        counts[parameter.name] = parameter.count
      }
    }
    return counts.values.reduce(0, +)
  }
}

extension Graph {
  /// The weight of the convolution or linear layer at `index`.
  package func weight(of index: Int) -> ParameterDeclaration? {
    switch nodes[index].op {
    case .convolution, .linear: parameters(of: index).first
    default: nil
    }
  }

  /// How often each parameter is used.
  package var parameterUses: [String: Int] {
    Dictionary(
      nodes.indices.flatMap { parameters(of: $0) }.map { ($0.name, 1) }, uniquingKeysWith: +)
  }
}
