public import ModelGraph
public import Tensors

extension Model {
  /// The model with fresh parameters: weights of convolutions by He et al. (arXiv 1502.01852, with the
  /// filters' fan-out), of linear layers normal with deviation 1 / sqrt(inputs), embeddings normal with
  /// deviation 0.02; norms and biases start as the identity.
  public func initialized(_ generator: inout SeededGenerator) -> Model {
    var values: [String: Parameter] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for (place, declaration) in graph.parameters(of: index).enumerated() {
        guard values[declaration.name] == nil else { continue }
        values[declaration.name] = declaration.initial(of: node.op, place: place, &generator)
      }
    }
    do {
      return try Model(
        name: name, graph: graph, input: input, classes: classes, parameters: values)
    } catch {
      preconditionFailure("fresh parameters have the shapes that the graph declares: \(error)")
    }
  }
}

extension ParameterDeclaration {
  fileprivate func initial(
    of op: Operator, place: Int, _ generator: inout SeededGenerator
  ) -> Parameter {
    func filled(_ value: Float) -> Parameter {
      Parameter(shape: shape, values: [Float](repeating: value, count: count))
    }
    func normal(_ deviation: Double) -> Parameter {
      Parameter(
        shape: shape, values: (0..<count).map { _ in Float(generator.normal() * deviation) })
    }
    switch op {
    case .convolution(let conv) where place == 0:
      let fanOut = conv.outputChannels / conv.groups * conv.kernel.area
      return normal((2 / Double(fanOut)).squareRoot())
    case .linear where place == 0: return normal(1 / Double(shape[1]).squareRoot())
    case .constant: return isLearned ? normal(0.02) : filled(0)
    case .parametricRelu: return filled(0.25)
    case .batchNormalization(let norm):
      return filled(name == norm.scale || name == norm.variance ? 1 : 0)
    case .layerNormalization(let norm): return filled(name == norm.scale ? 1 : 0)
    case .groupNormalization(let norm): return filled(name == norm.scale ? 1 : 0)
    default: return filled(0)
    }
  }
}
