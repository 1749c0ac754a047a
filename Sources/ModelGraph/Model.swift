/// A network with its trained parameters and a description of its input and classes.
///
/// Parameters may be absent altogether; then structure, MACs and latency are still known.
public struct Model: Sendable {
  /// The user's name for it.
  public let name: String
  /// The network.
  public let graph: Graph
  /// How an image becomes the graph's input.
  public let input: InputDescription
  /// The names of the classes, in the order of the logits; may be empty.
  public let classes: [String]
  /// Every parameter of the graph by name, or none at all.
  public let parameters: [String: Parameter]

  /// Whether all parameters are there that the graph needs; it may need none.
  public var isTrained: Bool { !parameters.isEmpty || !graph.needsParameters }

  /// Checks that the parameters are those that the graph needs, and finite.
  ///
  /// Parameters that no node needs are dropped.
  ///
  /// - Parameter base: a model whose parameters need not be looked at again where they are the same.
  /// - Throws: `GraphError`, which names the node whose parameter is missing or wrong.
  public init(
    name: String, graph: Graph, input: InputDescription, classes: [String],
    parameters: [String: Parameter], changing base: Model? = nil
  ) throws(GraphError) {
    let channels = graph.inputShape.channels
    guard [1, channels].contains(input.mean.count), input.mean.count == input.deviation.count else {
      throw GraphError(
        node: "input",
        "mean and std need one value or \(channels), they have \(input.mean.count) and "
          + "\(input.deviation.count)")
    }
    let logits = graph.nodes[graph.output].shape
    guard classes.isEmpty || logits.dimensions == [classes.count] else {
      throw GraphError(
        node: graph.nodes[graph.output].name,
        "yields \(logits) values, but the model names \(classes.count) classes")
    }
    var needed: [String: Parameter] = [:]
    for (index, node) in graph.nodes.enumerated() where !parameters.isEmpty {
      for declaration in graph.parameters(of: index) {
        guard let parameter = parameters[declaration.name] else {
          throw GraphError(
            node: node.name, "needs the tensor '\(declaration.name)', which the weights lack")
        }
        guard parameter.shape == declaration.shape else {
          throw GraphError(
            node: node.name,
            "tensor '\(declaration.name)' has shape \(parameter.shape), "
              + "the graph needs \(declaration.shape)")
        }
        // Values that were not changed share their storage, so this takes no time.
        let isKnown = base.map { $0.parameters[declaration.name]?.values == parameter.values }
        guard isKnown == true || parameter.values.allSatisfy(\.isFinite) else {
          throw GraphError(
            node: node.name, "tensor '\(declaration.name)' holds NaN or infinity")
        }
        needed[declaration.name] = parameter
      }
    }
    self.name = name
    self.graph = graph
    self.input = input
    self.classes = classes
    self.parameters = needed
  }
}

extension Graph {
  /// Whether any node names a parameter.
  public var needsParameters: Bool {
    nodes.indices.contains { !parameters(of: $0).isEmpty }
  }
}

extension Model {
  /// The same model with other values in its parameters, whose shapes stay as they are.
  public func replacing(_ parameters: [String: Parameter]) -> Model {
    precondition(
      parameters.mapValues(\.shape) == self.parameters.mapValues(\.shape), "shapes must stay")
    return Model(
      name: name, graph: graph, input: input, classes: classes, unchecked: parameters)
  }

  private init(
    name: String, graph: Graph, input: InputDescription, classes: [String],
    unchecked parameters: [String: Parameter]
  ) {
    self.name = name
    self.graph = graph
    self.input = input
    self.classes = classes
    self.parameters = parameters
  }
}
